package glue

import (
	"context"
	"fmt"
	"strings"
)

// crawlLog collects a crawl's lines; they are written at its end, as the crawler's role.
type crawlLog struct {
	service *Service
	crawler *crawler
	lines   []string
}

func (l *crawlLog) line(format string, args ...any) {
	l.lines = append(l.lines, "["+l.crawler.messagePrefix()+"] "+fmt.Sprintf(format, args...))
}

func (l *crawlLog) write(ctx context.Context) error {
	group, stream := l.service.crawlerLog(l.crawler)
	if err := l.service.logs.Append(ctx, group, stream, l.lines...); err != nil {
		return fmt.Errorf("writing the log %s: %w", group, err)
	}
	return nil
}

// crawlerLog names the log group and stream of a crawler. A security configuration has groups of its own
// ("Setting up encryption in AWS Glue" in the Developer Guide).
func (s *Service) crawlerLog(c *crawler) (group, stream string) {
	if c.security != "" {
		return "/aws-glue/crawlers-role/" + roleName(c.role) + "-" + c.security, c.name
	}
	return "/aws-glue/crawlers", c.name
}

// roleName is the name of the role with the ARN, after its path.
func roleName(arn string) string {
	_, name, _ := strings.Cut(arn, ":role/")
	return name
}

// messagePrefix begins every log line of the current crawl.
func (c *crawler) messagePrefix() string { return fmt.Sprintf("%s-%d", c.name, c.runs) }
