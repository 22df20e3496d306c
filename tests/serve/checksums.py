"""Checksums of S3 as boto3 and the aws command line send and verify them. argv[1] is "make" or, with the next process of the same world,
"again"."""
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
import zlib

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

PHASE = sys.argv.pop(1)
TOLD = json.loads(os.environ["SERVE"])
BUCKET = "checksums"
MIB = 1 << 20
LARGE = os.urandom(1) * (12 * MIB) + b"end"


def client(**settings):
    return boto3.client("s3", region_name=TOLD["region"], endpoint_url=TOLD["endpoint"], **TOLD["profiles"]["operator"],
                        config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}, **settings))


S3 = client()
PLAIN = client(request_checksum_calculation="when_required", response_checksum_validation="when_required")  # as clients of 2024


def aws(*args):
    out = subprocess.run(["aws", *args], check=True, capture_output=True, text=True).stdout
    return json.loads(out) if out.startswith(("{", "[")) else out


def crc32(data):
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


def sha256(data):
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


class Make(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        S3.create_bucket(Bucket=BUCKET)

    def test_put(self):
        out = S3.put_object(Bucket=BUCKET, Key="default", Body=b"hello")
        self.assertEqual((out["ChecksumCRC32"], out["ChecksumType"]), (crc32(b"hello"), "FULL_OBJECT"))
        out = S3.put_object(Bucket=BUCKET, Key="sha", Body=b"hello", ChecksumAlgorithm="SHA256")
        self.assertEqual(out["ChecksumSHA256"], sha256(b"hello"))
        out = PLAIN.put_object(Bucket=BUCKET, Key="plain", Body=b"123456789")
        self.assertEqual((out["ChecksumCRC64NVME"], out["ChecksumType"]), (base64.b64encode(bytes.fromhex("ae8b14860a799888")).decode(), "FULL_OBJECT"))  # the check value of CRC-64/NVME
        with self.assertRaises(ClientError) as wrong:
            PLAIN.put_object(Bucket=BUCKET, Key="plain", Body=b"hello", ChecksumSHA256=sha256(b"other"))
        self.assertEqual(wrong.exception.response["Error"]["Code"], "BadDigest")

    def test_parts(self):
        with tempfile.NamedTemporaryFile() as f:
            f.write(LARGE)
            f.flush()
            S3.upload_file(f.name, BUCKET, "parts", Config=TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB))
            S3.upload_file(f.name, BUCKET, "parts-sha", ExtraArgs={"ChecksumAlgorithm": "SHA256"}, Config=TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB))
            PLAIN.upload_file(f.name, BUCKET, "parts-plain", Config=TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB))
            aws("s3", "cp", "--quiet", f.name, f"s3://{BUCKET}/cli", "--checksum-algorithm", "CRC32C")
            aws("s3", "cp", "--quiet", f.name, f"s3://{BUCKET}/cli-nvme", "--checksum-algorithm", "CRC64NVME")
        sums = [LARGE[i:i + 5 * MIB] for i in range(0, len(LARGE), 5 * MIB)]
        of = hashlib.sha256(b"".join(hashlib.sha256(s).digest() for s in sums)).digest()
        head = S3.head_object(Bucket=BUCKET, Key="parts-sha", ChecksumMode="ENABLED")
        self.assertEqual((head["ChecksumSHA256"], head["ChecksumType"]), (base64.b64encode(of).decode() + f"-{len(sums)}", "COMPOSITE"))
        told = S3.get_object_attributes(Bucket=BUCKET, Key="parts-sha", ObjectAttributes=["Checksum", "ObjectParts", "ObjectSize", "ETag", "StorageClass"])
        self.assertEqual([p["ChecksumSHA256"] for p in told["ObjectParts"]["Parts"]], [sha256(s) for s in sums])
        self.assertEqual((told["Checksum"]["ChecksumSHA256"], told["ObjectParts"]["TotalPartsCount"], told["ObjectSize"], told["StorageClass"]),
                         (base64.b64encode(of).decode(), len(sums), len(LARGE), "STANDARD"))
        plain, nvme = (aws("s3api", "get-object-attributes", "--bucket", BUCKET, "--key", key, "--object-attributes", "Checksum", "ObjectParts") for key in ("parts-plain", "cli-nvme"))
        self.assertEqual(plain["Checksum"], nvme["Checksum"])
        self.assertEqual((plain["Checksum"]["ChecksumType"], plain["ObjectParts"]), ("FULL_OBJECT", {"TotalPartsCount": len(sums)}))
        copied = S3.copy_object(Bucket=BUCKET, Key="copied", CopySource=f"{BUCKET}/parts-sha")["CopyObjectResult"]
        self.assertEqual((copied["ChecksumSHA256"], copied["ChecksumType"]), (sha256(LARGE), "FULL_OBJECT"))
        copied = S3.copy_object(Bucket=BUCKET, Key="copied-crc", CopySource=f"{BUCKET}/parts-sha", ChecksumAlgorithm="CRC32")["CopyObjectResult"]
        self.assertEqual(copied["ChecksumCRC32"], crc32(LARGE))

    def test_whole_parts(self):
        made = S3.create_multipart_upload(Bucket=BUCKET, Key="whole", ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")
        parts = []
        for number, data in enumerate([LARGE[:6 * MIB], LARGE[6 * MIB:]], 1):
            out = S3.upload_part(Bucket=BUCKET, Key="whole", UploadId=made["UploadId"], PartNumber=number, Body=data, ChecksumAlgorithm="CRC32")
            parts.append({"PartNumber": number, "ETag": out["ETag"], "ChecksumCRC32": out["ChecksumCRC32"]})
        listed = S3.list_parts(Bucket=BUCKET, Key="whole", UploadId=made["UploadId"])
        self.assertEqual((listed["ChecksumAlgorithm"], listed["ChecksumType"], [p["ChecksumCRC32"] for p in listed["Parts"]]), ("CRC32", "FULL_OBJECT", [p["ChecksumCRC32"] for p in parts]))
        done = S3.complete_multipart_upload(Bucket=BUCKET, Key="whole", UploadId=made["UploadId"], MultipartUpload={"Parts": parts}, ChecksumCRC32=crc32(LARGE),
                                            ChecksumType="FULL_OBJECT", MpuObjectSize=len(LARGE))
        self.assertEqual((done["ChecksumCRC32"], done["ChecksumType"]), (crc32(LARGE), "FULL_OBJECT"))


class Again(unittest.TestCase):
    def test_read(self):
        want = {"default": "CRC32", "sha": "SHA256", "plain": "CRC64NVME", "parts": "CRC32", "parts-sha": "SHA256", "parts-plain": "CRC64NVME", "cli": "CRC32C", "cli-nvme": "CRC64NVME",
                "copied": "SHA256", "copied-crc": "CRC32", "whole": "CRC32"}
        listed = S3.list_objects_v2(Bucket=BUCKET)["Contents"]
        self.assertEqual({o["Key"]: o["ChecksumAlgorithm"] for o in listed}, {key: [algorithm] for key, algorithm in want.items()})
        versions = S3.list_object_versions(Bucket=BUCKET)["Versions"]
        self.assertEqual({o["Key"]: (o["ChecksumAlgorithm"], o["ChecksumType"]) for o in versions}, {o["Key"]: (o["ChecksumAlgorithm"], o["ChecksumType"]) for o in listed})
        for o in listed:
            out = S3.get_object(Bucket=BUCKET, Key=o["Key"], ChecksumMode="ENABLED")
            value = out["Checksum" + want[o["Key"]]]
            self.assertEqual(value.count("-"), out["ChecksumType"] == "COMPOSITE")
            data = out["Body"].read()  # boto3 compares it with the checksum
            self.assertEqual(len(data), o["Size"])
            if want[o["Key"]] == "CRC32" and out["ChecksumType"] == "FULL_OBJECT":
                self.assertEqual(value, crc32(data))
            part = S3.get_object(Bucket=BUCKET, Key=o["Key"], ChecksumMode="ENABLED", Range="bytes=1-2")
            self.assertEqual((part["Body"].read(), "ChecksumType" in part), (data[1:3], False))
        attributes = aws("s3api", "get-object-attributes", "--bucket", BUCKET, "--key", "sha", "--object-attributes", "Checksum", "ETag")
        self.assertEqual(attributes["Checksum"], {"ChecksumSHA256": sha256(b"hello"), "ChecksumType": "FULL_OBJECT"})


if __name__ == "__main__":
    unittest.main(defaultTest="Make" if PHASE == "make" else "Again")
