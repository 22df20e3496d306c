"""Redshift as AWS answers, where the emulator forgets: databases with users, tables and rights, statements that expire,
parameters that a workgroup has without being asked, snapshots, and what refuses an update.

Sources: the Data API's DescribeStatement (pulumi-aws#2055, terraform-provider-aws#25882, #37301), UpdateWorkgroup
(terraform-provider-aws#28255, #49939, #49941), DeleteNamespace and DeleteCluster (their API references).
"""

import json
import re
import sqlite3
import uuid

from moto.redshift.responses import RedshiftResponse
from moto.redshiftdata.exceptions import ValidationException
from moto.redshiftdata.models import Statement
from moto.redshiftdata.responses import RedshiftDataAPIServiceResponse


class Refused(Exception):
    """What a service answers instead: a code and a message."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


TYPES = {"BIGINT": "bigint", "DATE": "date", "TIMESTAMP": "timestamp without time zone", "VARCHAR": "character varying"}


def column(definition):
    """A column's name, and what SVV_COLUMNS has of it: type, length, whether it may be null, default."""
    name, typ, length, rest = re.match(r"\s*(\w+)\s+(\w+)(?:\((\d+)\))?(.*)$", definition, flags=re.S).groups()
    if typ not in TYPES:
        raise ValueError(f"ERROR: the emulator does not know the type {typ}")
    default = re.search(r"\bDEFAULT\s+(\S.*?)(?:\s+NOT\s+NULL)?$", rest.strip())
    return name, (TYPES[typ], int(length) if length else None, "NO" if "NOT NULL" in rest else "YES", default and default.group(1))


class Database:
    """What the statements of this project leave in a database, no more: nothing is selected or copied."""

    def __init__(self, name):
        self.name, self.users, self.schemas, self.tables, self.rights, self.procedures = name, set(), set(), {}, {}, {}

    def run(self, sql):
        """Runs one statement. ValueError has the message that the statement fails with."""
        text = re.sub(r"/\*.*?\*/", " ", sql, flags=re.S).strip().rstrip(";")
        outside = re.sub(r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'|\"[^\"]*\"", "", text, flags=re.S)
        if ";" in outside:
            raise ValueError("ERROR: cannot insert multiple commands into a prepared statement")
        for form, effect in self.FORMS:
            found = re.match(form, text, flags=re.S | re.I)
            if found:
                return effect(self, *found.groups())
        raise ValueError(f'ERROR: syntax error: the emulator does not know "{text[:60]}"')

    def schema(self, unless, name):
        if name in self.schemas and not unless:
            raise ValueError(f'ERROR: Schema "{name}" already exists.')
        self.schemas.add(name)

    def table(self, unless, schema, name, columns):
        if schema not in self.schemas:
            raise ValueError(f'ERROR: schema "{schema}" does not exist')
        if (schema, name) in self.tables:
            if not unless:
                raise ValueError(f'ERROR: Relation "{name}" already exists in the database.')
            return
        self.tables[schema, name] = dict(column(c) for c in re.split(r",(?![^(]*\))", columns))

    def loadable(self, query):
        """The query that compares the tables' columns with the declared ones: its one text is a number when they agree."""
        db = sqlite3.connect(":memory:")
        db.execute(
            "CREATE TABLE svv_columns (table_schema, table_name, column_name, data_type, character_maximum_length, is_nullable, column_default)"
        )
        for (schema, table), columns in self.tables.items():
            db.executemany("INSERT INTO svv_columns VALUES (?, ?, ?, ?, ?, ?, ?)", [(schema, table, name, *c) for name, c in columns.items()])
        (text,) = db.execute(query).fetchone()
        if not text.isdigit():
            raise ValueError(f'ERROR: invalid input syntax for integer: "{text}"')

    def user(self, name):
        if name in self.users:
            raise ValueError(f'ERROR: user "{name}" already exists')
        self.users.add(name)

    def procedure(self, name, body):
        self.procedures[name.lower()] = body

    def call(self, name, arguments):
        body = self.procedures.get(name.lower())
        if body is None:
            raise ValueError(f"ERROR: procedure {name}() does not exist")
        added = re.findall(r"ALTER TABLE (\w+)\.(\w+) ADD COLUMN (.*?)';", body.replace("''", '"'), flags=re.S)
        for schema, table, definition in added:  # the procedure looks first
            name, new = column(definition)
            self.tables[schema, table].setdefault(name, new)
        if added:
            return
        if "create user" not in body.lower():
            raise ValueError(f"ERROR: the emulator does not know what {name} does")
        for given in re.findall(r"'((?:[^']|'')*)'", arguments):
            if "pg_user" in body.lower() and given in self.users:
                continue  # the procedure looks before it creates
            self.user(given)

    def grant(self, what, schema, users):
        if schema not in self.schemas:
            raise ValueError(f'ERROR: schema "{schema}" does not exist')
        for user in re.findall(r'"([^"]+)"', users):
            if user not in self.users:
                raise ValueError(f'ERROR: user "{user}" does not exist')
            tables = {f"{s}.{t}" for s, t in self.tables if s == schema} if "TABLES" in what.upper() else {schema}
            for right in re.match(r"(.*?)\s+ON\b", what, flags=re.S | re.I).group(1).split(","):
                self.rights.setdefault(user, {}).setdefault(right.strip().upper(), set()).update(tables)

    FORMS = (
        (r"CREATE\s+SCHEMA\s+(IF\s+NOT\s+EXISTS\s+)?(\w+)$", schema),
        (r"CREATE\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?(\w+)\.(\w+)\s*\((.*)\)[^)]*$", table),
        (r"SELECT\s+CAST\((CASE\s.*END)\s+AS\s+INTEGER\)(\s+FROM\s+svv_columns\s.*)$", lambda self, case, rest: self.loadable(f"SELECT {case}{rest}")),
        (r'CREATE\s+USER\s+"([^"]+)"\s+PASSWORD\s+DISABLE$', user),
        (r"CREATE\s+OR\s+REPLACE\s+PROCEDURE\s+([\w.]+)\s*\(.*?\)(.*)$", procedure),
        (r"CALL\s+([\w.]+)\s*\((.*)\)$", call),
        (r"GRANT\s+(.*?\bON\s+(?:ALL\s+TABLES\s+IN\s+)?SCHEMA)\s+(\w+)\s+TO\s+(.*)$", grant),
    )

    def shown(self):
        return {
            "database": self.name, "users": sorted(self.users), "tables": sorted(".".join(t) for t in self.tables),
            "rights": {u: {r: sorted(t) for r, t in rights.items()} for u, rights in self.rights.items()},
        }


class Warehouses:
    """The databases of the account: one for each namespace and each cluster, gone with it."""

    def __init__(self):
        self.serverless = None  # the namespaces and workgroups, once their emulator is loaded
        self.databases = {}

    def of(self, response):
        """Finds the database a statement is for, or refuses."""
        workgroup, name = response._get_param("WorkgroupName"), response._get_param("ClusterIdentifier")
        if workgroup:
            found = self.serverless.items["Workgroup"].get(workgroup)
            if not found:
                raise ValidationException(f"Redshift endpoint doesn't exist in this region: {workgroup}")
            home = self.serverless.items["Namespace"][found["namespaceName"]]
            key, database = home["namespaceId"], home["dbName"]
        else:
            backend = RedshiftResponse.redshift_backend.fget(response_of(response))
            cluster = backend.clusters.get(name)
            if not cluster:
                raise ValidationException(f"Redshift endpoint doesn't exist in this region: {name}")
            key, database = str(id(cluster)), cluster.db_name
        return self.databases.setdefault(key, Database(database))


class response_of:
    """The account and region of a request, for another service's backend."""

    def __init__(self, response):
        self.current_account, self.region = response.current_account, response.region


warehouses = Warehouses()
expired = set()
execute, describe, columns = (
    RedshiftDataAPIServiceResponse.execute_statement, RedshiftDataAPIServiceResponse.describe_statement, Statement.__iter__,
)


def execute_statement(response):
    database = warehouses.of(response)
    answer = execute(response)
    statement = response.redshiftdata_backend.statements[json.loads(answer[2])["Id"]]
    statement.workgroup_name = response._get_param("WorkgroupName")
    statement.status = "FINISHED"
    try:
        if response._get_param("Database") != database.name:
            raise ValueError(f'FATAL: database "{response._get_param("Database")}" does not exist')
        database.run(response._get_param("Sql"))
    except ValueError as e:
        statement.status, statement.error = "FAILED", str(e)
    return answer


def describe_statement(response):
    if response._get_param("Id") in expired:
        raise ValidationException("The statement has expired. Statements are kept for 24 hours.")
    return describe(response)


def described(statement):
    yield from columns(statement)
    for key, field in (("WorkgroupName", "workgroup_name"), ("Error", "error")):
        if getattr(statement, field, None):
            yield key, getattr(statement, field)


# A cluster has a password that Redshift manages, and says how it may move between zones.
create = RedshiftResponse.create_cluster


def create_cluster(response):
    answer = create(response)
    name = response._get_param("ClusterIdentifier")
    cluster = response.redshift_backend.describe_clusters(name)[0]
    cluster.cluster_namespace_arn = f"arn:aws:redshift:{response.region}:{response.current_account}:namespace:{uuid.uuid4()}"
    if response._get_bool_param("AvailabilityZoneRelocation"):
        cluster.availability_zone_relocation_status = "enabled"
    if response._get_bool_param("ManageMasterPassword"):
        cluster.master_password_secret_kms_key_id = response._get_param("MasterPasswordSecretKmsKeyId")
        secret = f"secret:redshift!{name}-{cluster.master_username}-AbCdEf"
        cluster.master_password_secret_arn = f"arn:aws:secretsmanager:{response.region}:{response.current_account}:{secret}"
    return answer


def patch():
    RedshiftResponse.create_cluster = create_cluster
    RedshiftDataAPIServiceResponse.execute_statement = execute_statement
    RedshiftDataAPIServiceResponse.describe_statement = describe_statement
    Statement.__iter__ = described


# Parameters that a workgroup has when nobody asks for others (GetWorkgroup of a new workgroup, July 2026).
PARAMETERS = {
    "auto_mv": "true", "datestyle": "ISO, MDY", "enable_case_sensitive_identifier": "false",
    "enable_user_activity_logging": "true", "max_query_execution_time": "14400", "query_group": "default",
    "require_ssl": "true", "search_path": "$user, public", "use_fips_ssl": "false",
}
# The settings of a workgroup of which an update may change only one.
CONFIGURATIONS = ("baseCapacity", "maxCapacity", "enhancedVpcRouting", "publiclyAccessible", "port", "configParameters")


def serverless(service):
    """Makes the emulator of Redshift Serverless answer as AWS does."""
    warehouses.serverless = service
    plain, snapshots = service.call, {}
    service.snapshots = snapshots

    def call(action, p, region):
        items = service.items
        if action == "CreateWorkgroup":
            namespace = items["Namespace"].get(p["namespaceName"])
            if namespace is None:
                return None
            if any(w["namespaceName"] == p["namespaceName"] for w in items["Workgroup"].values()):
                raise Refused("ConflictException", f"Namespace {p['namespaceName']} already has a workgroup.")
            asked = {c["parameterKey"]: c["parameterValue"] for c in p.get("configParameters") or []}
            p["configParameters"] = parameters(PARAMETERS | asked)
        if action in ("CreateNamespace", "CreateWorkgroup") and p[named(action)] in items[action.removeprefix("Create")]:
            raise Refused("ConflictException", f"{action.removeprefix('Create')} {p[named(action)]} already exists.")
        if action == "UpdateWorkgroup" and p["workgroupName"] in items["Workgroup"]:
            update(items["Workgroup"][p["workgroupName"]], p)
        if action == "DeleteNamespace" and p["namespaceName"] in items["Namespace"]:
            name = p["namespaceName"]
            if any(w["namespaceName"] == name for w in items["Workgroup"].values()):
                raise Refused("ConflictException", f"There is a workgroup associated with namespace {name}.")
            keep(p.pop("finalSnapshotName", None), items["Namespace"][name])
            p.pop("finalSnapshotRetentionPeriod", None)
        if action == "CreateSnapshot":
            return {"snapshot": keep(p["snapshotName"], items["Namespace"][p["namespaceName"]])}
        if action == "GetSnapshot":
            found = snapshots.get(p.get("snapshotName"))
            return {"snapshot": found} if found else None
        if action == "ListSnapshots":
            return {"snapshots": list(snapshots.values())}
        answer = plain(action, p, region)
        if action == "CreateNamespace" and p.get("manageAdminPassword"):
            name = f"secret:redshift!{p['namespaceName']}-{p['adminUsername']}-AbCdEf"
            answer["namespace"]["adminPasswordSecretArn"] = f"arn:aws:secretsmanager:{region}:123456789012:{name}"
        return answer

    def keep(name, namespace):
        if not name:
            return None
        if name in snapshots:
            raise Refused("ConflictException", f"Snapshot {name} already exists.")
        snapshots[name] = {
            "snapshotName": name, "namespaceName": namespace["namespaceName"], "status": "AVAILABLE", "kmsKeyId": namespace["kmsKeyId"],
        }
        return snapshots[name]

    service.call = call


def named(action):
    return "namespaceName" if action.endswith("Namespace") else "workgroupName"


def parameters(values):
    return [{"parameterKey": k, "parameterValue": v} for k, v in sorted(values.items())]


def update(workgroup, p):
    now = {c["parameterKey"]: c["parameterValue"] for c in workgroup["configParameters"]}
    if p.get("configParameters"):
        asked = {c["parameterKey"]: c["parameterValue"] for c in p["configParameters"]}
        if asked.items() <= now.items():
            raise Refused("ValidationException", "You didn't specify any changes to the configuration parameters.")
        p["configParameters"] = parameters(now | asked)
    if sum(p.get(key) is not None for key in CONFIGURATIONS) > 1:
        raise Refused("ValidationException", f"Can't update multiple configurations at the same time for workgroup {p['workgroupName']}.")
