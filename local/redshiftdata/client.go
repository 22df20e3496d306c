package redshiftdata

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"airline/local/redshift/catalog"
	"airline/local/redshift/stream"
	"airline/local/redshift/wire"
)

// clients is the service as a warehouse for the wire protocol.
type clients struct {
	service *Service
	do      func(func() error) error
}

// Clients is the warehouse as clients of PostgreSQL's protocol see it, for [wire.Server]. do runs a function while nothing else
// uses the world: sessions are goroutines of their own, and the world is not made for that.
func (s *Service) Clients(do func(func() error) error) wire.Warehouse { return &clients{s, do} }

// credentials are the passwords that were handed out, and those that users were given by name.
type credentials struct {
	mu     sync.Mutex
	now    func() time.Time
	issued map[string][]credential // by the user to log in as
	kept   map[string]string       // secrets, by user
	ends   map[string]time.Time    // of those that users were given by name
}

type credential struct {
	password string
	user     string // of the database
	database string // "" for any
	expires  time.Time
}

// issue makes a temporary password with which one logs in as login and is user.
func (c *credentials) issue(login, user, database string, life time.Duration) credential {
	made := credential{user: user, database: database, password: randomPassword()}
	if life > 0 {
		made.expires = c.now().Add(life)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.issued == nil {
		c.issued = map[string][]credential{}
	}
	c.issued[login] = append(c.valid(login), made)
	return made
}

func randomPassword() string {
	var b [20]byte
	rand.Read(b[:]) // never fails
	return base32.StdEncoding.EncodeToString(b[:])
}

// valid are the credentials of a login that have not expired.
func (c *credentials) valid(login string) []credential {
	now := c.now()
	return slices.DeleteFunc(slices.Clone(c.issued[login]), func(x credential) bool { return !x.expires.IsZero() && !now.Before(x.expires) })
}

func (c *credentials) find(login, database string) []credential {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(c.valid(login), func(x credential) bool { return x.database != "" && x.database != database })
}

// user is whom a login is in the database, when there is any.
func (c *credentials) user(login, database string) (string, bool) {
	if found := c.find(login, database); len(found) > 0 {
		return found[0].user, true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.kept[login]
	return login, ok
}

// secrets are those of a login.
func (c *credentials) secrets(login, database string) (all []string) {
	for _, x := range c.find(login, database) {
		all = append(all, wire.Secret(x.password, login))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if secret, ok := c.kept[login]; ok && (c.ends[login].IsZero() || c.now().Before(c.ends[login])) {
		all = append(all, secret)
	}
	return all
}

// end says until when a user's secret holds; zero: it holds on.
func (c *credentials) end(user string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ends == nil {
		c.ends = map[string]time.Time{}
	}
	c.ends[user] = at
}

// until is when a user's secret ends.
func (c *credentials) until(user string) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ends[user]
}

// drop forgets a user that is no more.
func (c *credentials) drop(user string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.kept, user)
	delete(c.ends, user)
}

// saved gives what goes back to the secrets that users have now.
func (c *credentials) saved() (back func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, ends := maps.Clone(c.kept), maps.Clone(c.ends)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.kept, c.ends = kept, ends
	}
}

// keep gives a user a secret; "" takes it away.
func (c *credentials) keep(user, secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if secret == "" {
		delete(c.kept, user)
		return
	}
	if c.kept == nil {
		c.kept = map[string]string{}
	}
	c.kept[user] = secret
}

// Administrator makes a password of the database's administrator, which holds as long as the process.
func (s *Service) Administrator() (user, password string, err error) {
	if s.endpoint == nil {
		return "", "", errors.New("no warehouse is deployed")
	}
	return s.endpoint.admin, s.credentials.issue(s.endpoint.admin, s.endpoint.admin, "", 0).password, nil
}

// Database is the name of the warehouse's database; "" without a warehouse.
func (s *Service) Database() string {
	if s.endpoint == nil {
		return ""
	}
	return s.endpoint.database
}

// Secrets are those with which a user may log in at the moment.
func (c *clients) Secrets(user, database string) []string {
	return c.service.credentials.secrets(user, database)
}

// Open begins a session.
func (c *clients) Open(ctx context.Context, login wire.Login) (wire.Session, error) {
	s := &clientSession{clients: c, login: login, settings: map[string]string{}, prepared: map[string]*preparedText{}, temporary: map[string]bool{}}
	err := c.do(func() error {
		e := c.service.endpoint
		switch {
		case e == nil || c.service.warehouse == nil:
			return &wire.Error{Code: "57P03", Message: "no warehouse is deployed"}
		case login.Database != e.database:
			return &wire.Error{Code: "3D000", Message: fmt.Sprintf("database %q does not exist", login.Database)}
		}
		s.warehouse = c.service.warehouse
		return nil
	})
	if err != nil {
		return nil, err
	}
	var known bool
	if s.user, known = c.service.credentials.user(login.User, login.Database); !known {
		return nil, &wire.Error{Code: "28P01", Message: fmt.Sprintf("password authentication failed for user %q", login.User)}
	}
	if strings.HasPrefix(login.User, "IAM:") && s.user != login.User { // of GetClusterCredentials, which does not ask whether there is such a user
		if err := c.do(func() error {
			if !c.service.access.known(s.user) {
				return &wire.Error{Code: "28000", Message: fmt.Sprintf("user %q does not exist", s.user)}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(login.Settings)) {
		if ignoredAtStartup[name] || strings.HasPrefix(name, "driver_") {
			continue
		}
		if err := s.set(strings.ToLower(name), login.Settings[name]); err != nil {
			return nil, clientError(err, "")
		}
	}
	s.defaults = maps.Clone(s.settings)
	if s.conn, err = s.warehouse.db.Conn(ctx); err != nil {
		return nil, err
	}
	if s.raw, err = stream.Of(s.conn); err != nil {
		s.conn.Close()
		return nil, err
	}
	if err := s.prepareConnection(ctx); err != nil {
		s.conn.Close()
		return nil, err
	}
	if err := c.do(s.register); err != nil {
		s.conn.Close()
		return nil, err
	}
	return s, nil
}

// register has the session be one of its user's, unless the user has as many as may be.
func (s *clientSession) register() error {
	limit := math.MaxInt
	if o := s.service.access.options[s.user]; o.limits && !s.service.access.superuser(s.user) {
		limit = o.limit
	}
	told := catalog.Session{PID: s.login.PID, User: s.user, Database: s.login.Database, Started: time.Now(), Application: s.setting("application_name"), Remote: s.login.Remote}
	if !s.service.activity.opened(told, limit) {
		return &wire.Error{Code: "53300", Message: fmt.Sprintf("too many connections for user %q", s.user)}
	}
	return nil
}

// prepareConnection tells DuckDB what queries may ask of the session.
func (s *clientSession) prepareConnection(ctx context.Context) error {
	var setup []string
	for variable, value := range map[string]string{"user": s.user, "database": s.login.Database, "admin": s.service.endpoint.admin, "pid": strconv.Itoa(int(s.login.PID))} {
		setup = append(setup, "SET VARIABLE redshift_"+variable+" = '"+escaped(value)+"'")
	}
	for _, sql := range setup {
		if _, err := s.conn.ExecContext(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// ignoredAtStartup are parameters of startup messages that tell something of the client, or that PostgreSQL has and Redshift not
// but takes. What a release of Redshift's drivers adds of itself begins with driver_ (redshift_connector 2.2: driver_discovery_version).
var ignoredAtStartup = set(`replication client_protocol_version os_version plugin_name idp_type provider_name token_type identity_namespace idc_client_display_name
	fallback_application_name client_min_messages`)
