package glue

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/door"
)

// GetDatabases lists the databases of the catalog by name.
func (s *Service) GetDatabases(ctx context.Context, in *glue.GetDatabasesInput, _ ...func(*glue.Options)) (*glue.GetDatabasesOutput, error) {
	return door.Call(ctx, s.door, door.Op[glue.GetDatabasesInput, glue.GetDatabasesOutput]{
		Service: "glue", Action: "GetDatabases", Takes: []string{"CatalogId", "MaxResults", "NextToken"}, Needs: s.catalogNeeds("GetDatabases", aws.String("*"), nil), Usage: catalogRequest(),
		Do: encrypted(s, readsCatalog, func(_ context.Context, in *glue.GetDatabasesInput) (*glue.GetDatabasesOutput, error) {
			list := []types.Database{}
			for _, d := range s.databases {
				list = append(list, *d.describe())
			}
			slices.SortFunc(list, func(a, b types.Database) int { return strings.Compare(*a.Name, *b.Name) })
			page, next, err := pageOf(list, 100, in.MaxResults, in.NextToken)
			return &glue.GetDatabasesOutput{DatabaseList: page, NextToken: next}, err
		}),
	}, door.Given(in))
}

// ListCrawlers lists the names of the crawlers.
func (s *Service) ListCrawlers(ctx context.Context, in *glue.ListCrawlersInput, _ ...func(*glue.Options)) (*glue.ListCrawlersOutput, error) {
	return door.Call(ctx, s.door, door.Op[glue.ListCrawlersInput, glue.ListCrawlersOutput]{
		Service: "glue", Action: "ListCrawlers", Takes: []string{"MaxResults", "NextToken"}, Needs: []door.Request{{Action: "glue:ListCrawlers", Resource: "*"}},
		Do: func(_ context.Context, in *glue.ListCrawlersInput) (*glue.ListCrawlersOutput, error) {
			page, next, err := pageOf(s.crawlerNames(), 100, in.MaxResults, in.NextToken)
			return &glue.ListCrawlersOutput{CrawlerNames: page, NextToken: next}, err
		},
	}, door.Given(in))
}

// GetCrawlers describes all crawlers.
func (s *Service) GetCrawlers(ctx context.Context, in *glue.GetCrawlersInput, _ ...func(*glue.Options)) (*glue.GetCrawlersOutput, error) {
	return door.Call(ctx, s.door, door.Op[glue.GetCrawlersInput, glue.GetCrawlersOutput]{
		Service: "glue", Action: "GetCrawlers", Needs: []door.Request{{Action: "glue:GetCrawlers", Resource: "*"}},
		Do: func(_ context.Context, in *glue.GetCrawlersInput) (*glue.GetCrawlersOutput, error) {
			names, next, err := pageOf(s.crawlerNames(), 100, in.MaxResults, in.NextToken)
			out := &glue.GetCrawlersOutput{Crawlers: []types.Crawler{}, NextToken: next}
			for _, name := range names {
				out.Crawlers = append(out.Crawlers, *s.describe(s.crawlers[name]))
			}
			return out, err
		},
	}, door.Given(in))
}

func (s *Service) crawlerNames() []string {
	names := []string{}
	for name := range s.crawlers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// pageOf is a page of a list, of at most as many as the API gives and as the caller asks for.
func pageOf[T any](list []T, most int, limit *int32, token *string) ([]T, *string, error) {
	if n := int(aws.ToInt32(limit)); n > 0 {
		most = min(most, n)
	}
	page, next, ok := door.Page(list, token, most)
	if !ok {
		return nil, nil, invalidInput("Invalid token: %s", *token)
	}
	return page, next, nil
}
