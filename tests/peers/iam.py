"""Reads an identity policy a line, and answers with the ids of parliament's findings."""
import json
import sys
import warnings

warnings.simplefilter("ignore")
import parliament  # noqa: E402

for line in sys.stdin:
    document = json.loads(line)["document"]
    try:
        findings = sorted({f.issue for f in parliament.analyze_policy_string(document).findings})
    except Exception as e:  # parliament raises for some malformed documents
        findings = ["EXCEPTION " + type(e).__name__]
    print(json.dumps({"findings": findings}))
