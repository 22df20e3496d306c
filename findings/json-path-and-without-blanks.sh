#!/usr/bin/env bash
# In json-path, the engine that Step Functions' own messages name, a filter with && between blanks
# finds objects that the same filter without blanks does not: the operator becomes part of the name.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >Run.java <<'JAVA'
import com.jayway.jsonpath.JsonPath;
public class Run {
  public static void main(String[] paths) {
    for (String path : paths) {
      Object found = JsonPath.read("[{\"a\":1,\"b\":2},{\"a\":3}]", path);
      System.out.println(path + ": " + found);
    }
  }
}
JAVA
cat >pom.xml <<'XML'
<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version>
<dependencies><dependency><groupId>com.jayway.jsonpath</groupId><artifactId>json-path</artifactId><version>2.9.0</version></dependency></dependencies></project>
XML
mvn -q -B -Dstyle.color=never dependency:build-classpath -Dmdep.outputFile=classpath >&2
seen=$(java -cp "$(cat classpath)" Run.java '$[?(@.a && @.b)]' '$[?(@.a&&@.b)]' 2>/dev/null)
echo "json-path 2.9.0"; echo "$seen"
[[ $seen == '$[?(@.a && @.b)]: [{"a":1,"b":2}]
$[?(@.a&&@.b)]: []' ]]
