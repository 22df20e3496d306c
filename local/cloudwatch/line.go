package cloudwatch

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// line is an event of a log stream; its text is in the service's spill.
type line struct {
	at, ingested int64 // milliseconds since 1970
	place        int64
	length       int
}

// append adds an event that comes in now to a stream.
func (s *Service) append(st *stream, at int64, message []byte) {
	st.lines = append(st.lines, line{at: at, ingested: s.door.Now().UnixMilli(), place: s.spill.Add(message), length: len(message)})
}

// text reads a line's text.
func (s *Service) text(l line) (string, error) {
	text, err := s.spill.Read(l.place, l.length, nil)
	if err != nil {
		return "", fmt.Errorf("a line of the logs: %w", err)
	}
	return string(text), nil
}

// shown is a line as GetLogEvents gives it.
func (s *Service) shown(l line) (types.OutputLogEvent, error) {
	text, err := s.text(l)
	return types.OutputLogEvent{Message: &text, Timestamp: aws.Int64(l.at), IngestionTime: aws.Int64(l.ingested)}, err
}
