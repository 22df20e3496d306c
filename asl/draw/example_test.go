package draw_test

import (
	"fmt"
	"strings"

	"airline/asl/ast"
	"airline/asl/draw"
)

const crawl = `{
  "StartAt": "StartCrawler",
  "States": {
    "StartCrawler": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:startCrawler", "Next": "Wait",
      "Catch": [{"ErrorEquals": ["Glue.CrawlerRunningException"], "Next": "Wait"}]},
    "Wait": {"Type": "Wait", "Seconds": 30, "Next": "GetCrawler"},
    "GetCrawler": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Next": "Ready?"},
    "Ready?": {"Type": "Choice", "Default": "Wait",
      "Choices": [{"Variable": "$.Crawler.State", "StringEquals": "READY", "Next": "Done"}]},
    "Done": {"Type": "Succeed"}
  }
}`

func ExampleSVG() {
	d, err := ast.ParseString(crawl)
	if err != nil {
		fmt.Println(err)
		return
	}
	svg := string(draw.SVG(d, draw.Options{Title: "crawl"}))
	fmt.Println(strings.HasPrefix(svg, "<svg "), strings.Contains(svg, `Crawler.State = &#34;READY&#34;`))
	// Output: true true
}

func ExampleSVG_run() {
	d, err := ast.ParseString(crawl)
	if err != nil {
		fmt.Println(err)
		return
	}
	svg := string(draw.SVG(d, draw.Options{Run: map[string]draw.Visit{
		"StartCrawler": {Status: draw.CaughtError, Count: 1},
		"Wait":         {Status: draw.Succeeded, Count: 12},
	}}))
	fmt.Println(strings.Contains(svg, "×12"), strings.Contains(svg, `class="box caught"`))
	// Output: true true
}

func ExampleMermaid() {
	d, err := ast.ParseString(crawl)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(draw.Mermaid(d, draw.Options{}))
	// Output:
	// flowchart TB
	//     s1(("Start"))
	//     s2["StartCrawler<br/>Glue: StartCrawler"]
	//     s3["Wait<br/>Wait 30 s"]
	//     s4["GetCrawler<br/>Glue: GetCrawler"]
	//     s5{"Ready?<br/>Choice state"}
	//     s6(["Done<br/>Succeed state"])
	//     s1 --> s2
	//     s2 --> s3
	//     s2 -.->|"Glue.CrawlerRunningException"| s3
	//     s3 --> s4
	//     s4 --> s5
	//     s5 -->|"Crawler.State = #34;READY#34;"| s6
	//     s5 -->|"default"| s3
	//     s7(("End"))
	//     s6 --> s7
	//     linkStyle 2 stroke:#b3540a,color:#b3540a
}
