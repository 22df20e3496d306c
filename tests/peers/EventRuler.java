import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/** Reads lines {"p": pattern, "e": [event...]} and answers each with a character an event: 1 matches, 0 does not, R the pattern is refused. */
public class EventRuler {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        ObjectMapper mapper = new ObjectMapper();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode pair = mapper.readTree(line);
            StringBuilder answer = new StringBuilder();
            Machine machine = new Machine();
            boolean refused = false;
            try {
                machine.addRule("r", pair.get("p").asText());
            } catch (Exception e) {
                refused = true;
            }
            for (JsonNode event : pair.get("e")) {
                answer.append(refused ? "R" : machine.rulesForJSONEvent(event.asText()).isEmpty() ? "0" : "1");
            }
            out.println(answer);
        }
        out.flush();
    }
}
