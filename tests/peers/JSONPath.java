import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Reads lines {"path", "doc"}; answers {"value"}, {"missing": message} where the path finds nothing, or {"refused": message}. */
public class JSONPath {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        ObjectMapper mapper = new ObjectMapper();
        Configuration configuration = Configuration.builder()
                .jsonProvider(new JacksonJsonNodeJsonProvider()).mappingProvider(new JacksonMappingProvider()).build();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode pair = mapper.readTree(line);
            ObjectNode answer = mapper.createObjectNode();
            try {
                JsonPath path = JsonPath.compile(pair.get("path").asText());
                try {
                    Object value = JsonPath.using(configuration).parse((Object) mapper.readTree(pair.get("doc").asText())).read(path);
                    answer.set("value", mapper.valueToTree(value));
                } catch (PathNotFoundException e) {
                    answer.put("missing", e.getMessage());
                } catch (Exception e) {
                    answer.put("missing", e.getClass().getSimpleName() + ": " + e.getMessage());
                }
            } catch (Exception e) {
                answer.put("refused", String.valueOf(e.getMessage()));
            }
            out.println(mapper.writeValueAsString(answer));
        }
        out.flush();
    }
}
