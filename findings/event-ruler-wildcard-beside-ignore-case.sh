#!/usr/bin/env bash
# event-ruler, EventBridge's own engine: a list with a wildcard and an equals-ignore-case matches a
# value that neither of the two matches alone.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >Run.java <<'JAVA'
import software.amazon.event.ruler.Machine;
public class Run {
  public static void main(String[] lists) throws Exception {
    for (String list : lists) {
      Machine machine = new Machine();
      machine.addRule("rule", "{\"key\":" + list + "}");
      System.out.println(list + " " + !machine.rulesForJSONEvent("{\"key\":\"BaaB\"}").isEmpty());
    }
  }
}
JAVA
cat >pom.xml <<'XML'
<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version>
<dependencies><dependency><groupId>software.amazon.event.ruler</groupId><artifactId>event-ruler</artifactId><version>2.0.1</version></dependency></dependencies></project>
XML
mvn -q -B -Dstyle.color=never dependency:build-classpath -Dmdep.outputFile=classpath >&2
wildcard='{"wildcard":"*A"}' ignore_case='{"equals-ignore-case":"bb"}'
seen=$(java -cp "$(cat classpath)" Run.java "[$wildcard]" "[$ignore_case]" "[$wildcard,$ignore_case]" 2>/dev/null)
echo "event-ruler 2.0.1, the value BaaB"; echo "$seen"
[[ $(awk '{print $2}' <<<"$seen" | xargs) == "false false true" ]]
