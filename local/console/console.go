// Package console shows a local world in the browser, live beside its protocols and as one file of a run that is over.
//
//	index := console.Watch(world)           // before the world begins to run
//	h := console.New(index, server).Beside(server) // answers /_airline/ too
//	err := index.Report(ctx, w)             // or: one self-contained document
//
// Pages are rendered here, of what the models tell past their API: a look costs no virtual time and stands on no bill. The
// browser gets HTML, one style sheet and one script of its own; a page that is open is told of changes by server-sent events, and
// fetches itself again. Every text of the world is shown as text. Only the machine itself is answered: see guard.go.
package console

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"airline/asl/report"
	"airline/local"
)

// Prefix is what the paths of all pages begin with. No bucket can have such a name.
const Prefix = "/_airline/"

//go:embed templates static
var files embed.FS

// Console is an http.Handler for the paths below [Prefix].
type Console struct {
	index  *Index
	do     func(func(*local.World) error) error
	mux    *http.ServeMux
	pages  *template.Template
	static http.Handler
	token  string // in every form that changes something
}

// Server serves the world beside the console. *wire.Server is one.
type Server interface {
	// Do runs a function while nothing else uses the world.
	Do(func(*local.World) error) error
	// Operate calls an action of a service as the operator, within such a function. in and what it gives are the SDK's types.
	Operate(ctx context.Context, service, action string, in any) (any, error)
	// Kept reports whether the world is kept, so that only what Operate does may change it.
	Kept() bool
}

// New makes the pages of a world that a server serves.
func New(index *Index, server Server) *Console {
	var secret [16]byte
	rand.Read(secret[:]) // never fails
	index.server = server
	c := &Console{index: index, do: server.Do, mux: http.NewServeMux(), token: hex.EncodeToString(secret[:])}
	c.pages = template.Must(templates(consoleLinks{c.token}).ParseFS(files, "templates/layout.html"))
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // it is embedded
	}
	c.static = http.FileServerFS(static)
	c.routes()
	return c
}

// page is what one page shows.
type page struct {
	Name  string // of the template
	Title string
	Data  any
	// Live says that the page changes with the world.
	Live bool
	// Revision is the world's when the page was read: the stream's first message may already tell of a later one.
	Revision uint64
}

// view reads the world for a page. It runs while nothing else uses the world; rendering does not.
type view func(ctx context.Context, x *Index, q query) (*page, error)

// views are the pages by their path, in the order of the menu; those without a title are reached from others.
var views = []struct {
	path, title string
	view        view
}{
	{"", "Pipeline", pipelinePage},
	{"files", "Files", filesPage},
	{"file", "", filePage},
	{"executions", "Executions", executionsPage},
	{"execution", "", executionPage},
	{"rejects", "Rejects", rejectsPage},
	{"warehouse", "Warehouse", warehousePage},
	{"messages", "Messages", messagesPage},
	{"access", "Access", accessPage},
	{"bill", "Bill", billPage},
	{"machines", "State machines", machinesPage},
	{"actions", "Actions", actionsPage},
}

func (c *Console) routes() {
	for _, v := range views {
		path := Prefix + v.path
		if v.path == "" {
			path += "{$}"
		}
		c.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { c.show(w, r, v.view, query{Values: r.URL.Query()}) })
	}
	c.mux.HandleFunc("GET "+Prefix+"rejects.csv", c.rejectsCSV)
	c.mux.HandleFunc("GET "+Prefix+"events", c.events)
	c.mux.HandleFunc("POST "+Prefix+"machines", c.bench)
	for name, do := range actions {
		c.mux.HandleFunc("POST "+Prefix+"actions/"+name, c.act(do))
	}
	c.mux.HandleFunc("GET "+Prefix+"static/", c.serveStatic)
	c.mux.Handle("GET "+strings.TrimSuffix(Prefix, "/"), http.RedirectHandler(Prefix, http.StatusMovedPermanently))
	c.mux.HandleFunc(Prefix, func(w http.ResponseWriter, r *http.Request) {
		c.fail(w, r, notFound("there is no page %s", r.URL.Path))
	})
}

// ServeHTTP answers one request.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header(), r.Host)
	if err := guard(r); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	c.mux.ServeHTTP(w, r)
}

func (c *Console) serveStatic(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == Prefix+"static/style.css" { // the parts that reports have too come first
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		w.Header().Set("Cache-Control", "max-age=60")
		fmt.Fprint(w, style())
		return
	}
	w.Header().Set("Cache-Control", "max-age=60")
	http.StripPrefix(Prefix+"static/", c.static).ServeHTTP(w, r)
}

// style is the style sheet of the pages.
func style() string {
	own, err := files.ReadFile("static/console.css")
	if err != nil {
		panic(err) // it is embedded
	}
	return report.Style() + string(own)
}

// show answers with a page.
func (c *Console) show(w http.ResponseWriter, r *http.Request, v view, q query) {
	var p *page
	err := c.do(func(*local.World) (err error) {
		if p, err = v(r.Context(), c.index, q); err == nil {
			p.Revision = c.index.revision.Load()
		}
		return err
	})
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.write(w, r, http.StatusOK, p)
}

// menuItem is an entry of the menu.
type menuItem struct {
	Path, Title string
	Here        bool
}

// write renders a page whole before the first byte of it is sent.
func (c *Console) write(w http.ResponseWriter, r *http.Request, status int, p *page) {
	var body bytes.Buffer
	if err := c.pages.ExecuteTemplate(&body, p.Name, p.Data); err != nil {
		http.Error(w, fmt.Sprintf("showing %s: %v", p.Name, err), http.StatusInternalServerError)
		return
	}
	layout := struct {
		*page
		Body  template.HTML
		Menu  []menuItem
		Stack string
		Now   time.Time
	}{page: p, Body: template.HTML(body.String())}
	if err := c.do(func(world *local.World) error {
		layout.Stack, layout.Now = world.Graph.Stack, world.Now()
		return nil
	}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	here := strings.TrimPrefix(r.URL.Path, Prefix)
	for _, v := range views {
		if v.title != "" {
			layout.Menu = append(layout.Menu, menuItem{Prefix + v.path, v.title, v.path == here || v.path == here+"s"})
		}
	}
	var document bytes.Buffer
	if err := c.pages.ExecuteTemplate(&document, "layout", layout); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(document.Bytes()) // who has gone does not matter
}

// missing is an error about something that is not there.
type missing struct{ text string }

func (e *missing) Error() string { return e.text }

func notFound(format string, args ...any) error { return &missing{fmt.Sprintf(format, args...)} }

// fail answers with an error, as a page.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusBadRequest
	var none *missing
	if errors.As(err, &none) {
		status = http.StatusNotFound
	}
	c.write(w, r, status, &page{Name: "failure", Title: http.StatusText(status), Data: err.Error()})
}
