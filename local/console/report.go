package console

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"io"
	"slices"
	"time"

	"airline/asl/report"
	"airline/asl/sim"
)

// The size of a report is bounded: executions beyond it stand in the lists only, those that failed last of all. What the drawings of a
// machine have in common is there once.
const (
	reportBytes    = 4_800_000
	fileBytes      = 10_000 // that a file takes besides its executions, about
	payloadBytes   = 200    // of a JSON text
	sampledRejects = 10     // rows a file
)

// reportLinks are those within a report.
type reportLinks struct {
	files      map[object]string
	executions map[string]string
	pages      map[string]string
}

func (l reportLinks) File(f *File) string          { return l.files[object{f.Key, f.Version}] }
func (l reportLinks) Execution(arn string) string  { return l.executions[arn] }
func (l reportLinks) Page(path string) string      { return l.pages[path] }
func (l reportLinks) Rejects(*File, string) string { return "" }
func (l reportLinks) Reason(string) string         { return "" }
func (l reportLinks) Machine(string) string        { return "" }
func (l reportLinks) Token() string                { return "" }
func (l reportLinks) Live() bool                   { return false }

// section is a page of a report.
type section struct {
	ID   string
	Body template.HTML
}

// reportPages are the views that a report has, by the id of their section.
var reportPages = []struct {
	id, path, title string
	view            view
}{
	{"pipeline", "", "Pipeline", pipelinePage},
	{"files", "files", "Files", filesPage},
	{"executions", "executions", "Executions", executionsPage},
	{"rejects", "rejects", "Rejects", rejectsPage},
	{"warehouse", "warehouse", "Warehouse", warehousePage},
	{"messages", "messages", "Messages", messagesPage},
	{"access", "access", "Access", accessPage},
	{"bill", "bill", "Bill", billPage},
}

// Report writes what the world has done as one document, which needs no server, no network and no script.
func (x *Index) Report(ctx context.Context, w io.Writer) error {
	r := &reporter{Index: x, links: reportLinks{map[object]string{}, map[string]string{}, map[string]string{}}}
	r.pages = templates(r.links)
	for _, p := range reportPages {
		r.links.pages[p.path] = "#" + p.id
	}
	for i, f := range x.files[max(0, len(x.files)-reportShown):] {
		r.links.files[object{f.Key, f.Version}] = fmt.Sprintf("#f%d", i)
	}
	executions, err := r.executions()
	if err != nil {
		return err
	}
	var sections []section
	var menu []menuItem
	for _, p := range reportPages {
		page, err := p.view(ctx, x, query{Report: true})
		if err != nil {
			return err
		}
		r.anchor(page)
		if sections, err = r.add(sections, p.id, page); err != nil {
			return err
		}
		menu = append(menu, menuItem{Path: "#" + p.id, Title: p.title})
	}
	for i, f := range x.files[max(0, len(x.files)-reportShown):] {
		v, err := x.story(f)
		if err != nil {
			return err
		}
		r.sample(f, v)
		if sections, err = r.add(sections, fmt.Sprintf("f%d", i), &page{Name: "file", Data: v}); err != nil {
			return err
		}
	}
	var body bytes.Buffer
	if err := r.pages.ExecuteTemplate(&body, "report", struct {
		Stack    string
		Now      time.Time
		Menu     []menuItem
		Sections []section
		Shared   []piece
		LeftOut  int
	}{x.world.Graph.Stack, x.world.Now(), menu, append(sections, executions...), r.shared, r.leftOut}); err != nil {
		return err
	}
	page := report.Page{Title: "airline " + x.world.Graph.Stack, Style: template.CSS(style()), Body: template.HTML(body.String())}
	return page.Write(w, r.pages)
}

// reporter writes one report.
type reporter struct {
	*Index
	links   reportLinks
	pages   *template.Template
	leftOut int // executions
	// shared are the pieces of drawings that many executions have.
	shared []piece
}

// piece is part of a drawing.
type piece struct {
	ID   string
	Body template.HTML
}

// share keeps a piece of a drawing once.
func (r *reporter) share(body string) (id string) {
	i := slices.IndexFunc(r.shared, func(p piece) bool { return string(p.Body) == body })
	if i < 0 {
		i = len(r.shared)
		r.shared = append(r.shared, piece{fmt.Sprintf("d%d", i), template.HTML(body)})
	}
	return r.shared[i].ID
}

func (r *reporter) add(list []section, id string, p *page) ([]section, error) {
	var body bytes.Buffer
	if err := r.pages.ExecuteTemplate(&body, p.Name, p.Data); err != nil {
		return nil, fmt.Errorf("showing %s: %w", p.Name, err)
	}
	return append(list, section{id, template.HTML(body.String())}), nil
}

// executions shows executions until the room is full: those that failed first, of the others the newest.
func (r *reporter) executions() ([]section, error) {
	all := slices.Clone(r.world.SFN().Executions())
	slices.Reverse(all)
	slices.SortStableFunc(all, func(a, b *sim.Execution) int { return good(a) - good(b) })
	var list []section
	size, pieces := fileBytes*min(len(r.files), reportShown), 0
	for i, e := range all {
		id := fmt.Sprintf("e%d", i)
		v := r.execution(e, report.Options{ID: id, States: true, Payload: payloadBytes, Brief: true, MaxEvents: reportShown, Share: r.share})
		next, err := r.add(list, id, &page{Name: "execution-page", Data: v})
		if err != nil {
			return nil, err
		}
		size += len(next[len(next)-1].Body)
		for ; pieces < len(r.shared); pieces++ {
			size += len(r.shared[pieces].Body)
		}
		if size > reportBytes {
			r.leftOut = len(all) - len(list)
			break
		}
		r.links.executions[e.ARN()] = "#" + id
		list = next
	}
	return list, nil
}

func good(e *sim.Execution) int {
	if e.Status() == sim.Succeeded {
		return 1
	}
	return 0
}

// anchor leads the days of the calendar to their files.
func (r *reporter) anchor(p *page) {
	v, ok := p.Data.(filesView)
	if !ok {
		return
	}
	byDay := map[string]string{}
	for _, f := range v.Files {
		if day := f.Day(); day != "" && byDay[day] == "" {
			byDay[day] = r.links.File(f)
		}
	}
	for _, c := range v.Calendars {
		for _, m := range c.Months {
			for i := range m.Days {
				m.Days[i].Link = byDay[m.Days[i].Day]
			}
		}
	}
}

// sample adds the first rejected rows to a file's story.
func (r *reporter) sample(f *File, v *fileView) {
	if f.Manifest == nil || len(f.Manifest.RejectFiles) == 0 {
		return
	}
	s := &rejectsView{}
	if err := r.readRejects(f, query{Report: true}, s); err != nil {
		return // the manifest's counts are shown all the same
	}
	s.Rows = s.Rows[:min(len(s.Rows), sampledRejects)]
	s.List.To = len(s.Rows)
	v.Sample = s
}
