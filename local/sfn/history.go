package sfn

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// historyEvent is an event in the SDK's form. The SDK's fields are the API's members with a capital letter, so
// encoding/json, which does not mind the case, takes the API's own JSON.
func historyEvent(e sim.Event) (types.HistoryEvent, error) {
	o := e.JSON()
	o.Delete("timestamp")
	var out types.HistoryEvent
	if err := json.Unmarshal(jsonvalue.Append(nil, o), &out); err != nil {
		return out, fmt.Errorf("event %d (%s): %w", e.ID, e.Type, err)
	}
	out.Timestamp = aws.Time(e.Time)
	return out, nil
}

// log writes an event to the machine's log group, as far as its log level asks for it.
func (s *Service) log(x *execution, e sim.Event) {
	m := x.machine
	if m.logGroup == "" || !logged(m.logLevel, e.Type.String()) {
		return
	}
	details := e.Details()
	if !m.logData {
		details = details.Clone()
		for _, name := range []string{"input", "output", "parameters", "assignedVariables"} {
			details.Delete(name)
		}
	}
	if s.logs != nil {
		line := s.line[:0]
		line = fmt.Appendf(line, `{"id":"%d","type":"%s","details":`, e.ID, e.Type)
		line = jsonvalue.Append(line, details)
		line = fmt.Appendf(line, `,"previous_event_id":"%d","event_timestamp":"%d","execution_arn":`, e.PreviousID, e.Time.UnixMilli())
		s.line = append(jsonvalue.AppendString(line, x.ARN()), '}')
		stream := "states/" + m.name + "/" + e.Time.UTC().Format("2006-01-02-15-04") + "/" + x.Name()[:min(8, len(x.Name()))]
		s.door.Report(s.logs.Deliver(m.logGroup, stream, e.Time, s.line))
	}
}

// loggedAt is a machine's log level.
func (m *machine) loggedAt() types.LogLevel {
	if m.logLevel == "" {
		return types.LogLevelOff
	}
	return m.logLevel
}

// logged tells which events a log level writes (Step Functions Developer Guide, "Log levels").
func logged(level types.LogLevel, event string) bool {
	switch level {
	case types.LogLevelAll:
		return true
	case types.LogLevelError, types.LogLevelFatal:
		fatal := event == "ExecutionFailed" || event == "ExecutionAborted" || event == "ExecutionTimedOut"
		if level == types.LogLevelFatal {
			return fatal
		}
		return fatal || strings.HasSuffix(event, "Failed") || strings.HasSuffix(event, "Aborted") || strings.HasSuffix(event, "TimedOut")
	}
	return false
}
