#!/usr/bin/env bash
# json-path, the engine that Step Functions' own messages name, found every member "n" by "$..*.n"
# until 2.6; since 2.7 it finds none.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >Run.java <<'JAVA'
import com.jayway.jsonpath.JsonPath;
public class Run {
  public static void main(String[] arguments) {
    Object found = JsonPath.read("{\"a\":[{\"n\":1,\"b\":[{\"n\":2}]}],\"c\":{\"d\":{\"n\":3}}}", "$..*.n");
    System.out.println(found);
  }
}
JAVA
found_by() {
	cat >pom.xml <<-XML
		<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version>
		<dependencies><dependency><groupId>com.jayway.jsonpath</groupId><artifactId>json-path</artifactId><version>$1</version></dependency></dependencies></project>
	XML
	mvn -q -B -Dstyle.color=never dependency:build-classpath -Dmdep.outputFile=classpath >&2
	java -cp "$(cat classpath)" Run.java 2>/dev/null
}
old=$(found_by 2.6.0); new=$(found_by 2.9.0)
echo "json-path 2.6.0: $old"
echo "json-path 2.9.0: $new"
[[ $old == '[1,2,3]' && $new == '[]' ]]
