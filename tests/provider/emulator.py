#!/usr/bin/env python3
"""moto_server, with what stops this project's stacks set right.

Usage: emulator.py -H 127.0.0.1 -p PORT        (the arguments of moto_server)

AIRLINE_PROVIDER_MOTO names a script that stands for moto_server, with more gaps filled; without it moto's server runs.
"""

import json
import os
import runpy
import sys

from moto.iam.access_control import PermissionResult
from moto.redshift.responses import RedshiftResponse
from moto.redshiftdata.models import Statement
from moto.redshiftdata.responses import RedshiftDataAPIServiceResponse
from moto.s3.models import FakeBucket


def get_permission(bucket, action, resource):
    # moto evaluates bucket policies without their conditions: a denial of requests without TLS would deny every request.
    return PermissionResult.NEUTRAL


FakeBucket.get_permission = get_permission


# moto forgets which workgroup a statement was for: it knows clusters only.
execute, describe = RedshiftDataAPIServiceResponse.execute_statement, Statement.__iter__


def execute_statement(response):
    answer = execute(response)
    statement = response.redshiftdata_backend.statements[json.loads(answer[2])["Id"]]
    statement.workgroup_name = response._get_param("WorkgroupName")
    return answer


def described(statement):
    yield from describe(statement)
    if getattr(statement, "workgroup_name", None):
        yield "WorkgroupName", statement.workgroup_name


# moto makes clusters without a password that Redshift manages, and forgets how they may move between zones.
create = RedshiftResponse.create_cluster


def create_cluster(response):
    answer = create(response)
    name = response._get_param("ClusterIdentifier")
    cluster = response.redshift_backend.describe_clusters(name)[0]
    if response._get_bool_param("AvailabilityZoneRelocation"):
        cluster.availability_zone_relocation_status = "enabled"
    if response._get_bool_param("ManageMasterPassword"):
        cluster.master_password_secret_kms_key_id = response._get_param("MasterPasswordSecretKmsKeyId")
        secret = f"secret:redshift!{name}-{cluster.master_username}-AbCdEf"
        cluster.master_password_secret_arn = f"arn:aws:secretsmanager:{response.region}:{response.current_account}:{secret}"
    return answer


RedshiftResponse.create_cluster = create_cluster
RedshiftDataAPIServiceResponse.execute_statement = execute_statement
Statement.__iter__ = described

script = os.environ.get("AIRLINE_PROVIDER_MOTO")
if script:
    sys.argv[0] = script
    runpy.run_path(script, run_name="__main__")
else:
    from moto.server import main

    main(sys.argv[1:])
