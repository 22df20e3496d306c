package operate

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/etl"
	"airline/workflow"
)

// Rejects are the rejected records of a file's last load.
type Rejects struct {
	Key, Version string
	Manifest     etl.Manifest
	session      *Session
	folder       string
}

// Rejects finds the rejects of a file: of the load that counts, or of the one that failed last.
func (s *Session) Rejects(ctx context.Context, key string) (*Rejects, error) {
	f, err := s.find(ctx, key)
	if err != nil {
		return nil, err
	}
	var folder string
	switch {
	case f.Execution != nil:
		folder = workflow.LoadFolder(workflow.LoadID(s.Parts.Raw, key, f.Version.ID), f.Execution.ARN)
	case f.Ledger != nil:
		folder = workflow.LoadFolder(f.Ledger.LoadID, f.Ledger.Execution)
	}
	if f.State == Running {
		return nil, &Failure{key + " is being loaded", "Wait for its end: airline watch " + fmt.Sprintf("%q", key), nil}
	}
	if folder == "" {
		return nil, &Failure{fmt.Sprintf("no load of %s is known: it is %s", key, f.State), f.Fix, nil}
	}
	m, err := s.manifest(ctx, folder)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, &Failure{
			fmt.Sprintf("the last load of %s has left no rejects: the job refused the file whole, or staging has expired after %d days", key, s.Config.Retention.StagingDays),
			fmt.Sprintf("airline file %q tells which; airline check tells the rejects of a file at hand.", key), nil,
		}
	}
	return &Rejects{Key: key, Version: f.Version.ID, Manifest: *m, session: s, folder: folder}, nil
}

// All reads the rejected records in the order in which the job has written them.
func (r *Rejects) All(ctx context.Context) iter.Seq2[etl.Reject, error] {
	return func(yield func(etl.Reject, error) bool) {
		for _, file := range r.Manifest.RejectFiles {
			body, err := r.session.staged(ctx, path.Join(r.folder, file))
			if err != nil {
				yield(etl.Reject{}, err)
				return
			}
			for one, err := range etl.ReadRejects(body) {
				if err != nil {
					err = fmt.Errorf("reading the rejects in %s: %w", file, err)
				}
				if !yield(one, err) || err != nil {
					return
				}
			}
		}
	}
}

// ReasonColumn is the column that Fix puts before the others.
const ReasonColumn = "reject_reason"

// Fix writes the file for correction: as it was loaded, with a first column that has the reason in the rows that were rejected
// and is blank in all others. A load ignores the column, so the file can be uploaded in place of the old one once its rows are
// corrected. It tells how many rows it has marked.
func (r *Rejects) Fix(ctx context.Context, out io.Writer) (marked int, err error) {
	reasons := map[int64]string{}
	for one, err := range r.All(ctx) {
		if err != nil {
			return 0, err
		}
		reasons[one.Line] = one.Reason
	}
	in := &s3.GetObjectInput{Bucket: &r.session.Parts.Raw, Key: &r.Key}
	if r.Manifest.Source.Version != "" {
		in.VersionId = aws.String(r.Manifest.Source.Version)
	}
	o, err := r.session.objects.GetObject(ctx, in)
	if err != nil {
		return 0, r.session.Explain(err)
	}
	defer o.Body.Close()
	return mark(o.Body, out, reasons)
}

// mark copies a raw file with the reasons of its records before them. Records begin at the lines that rejects name, and the
// header at the first that is not blank; a line in between may be a blank one, or go on with a quoted field.
func mark(from io.Reader, out io.Writer, reasons map[int64]string) (marked int, err error) {
	in := bufio.NewReaderSize(from, 1<<16)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return 0, err
		}
		in = bufio.NewReaderSize(z, 1<<16)
	}
	w := bufio.NewWriter(out)
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3) // they were peeked at
	}
	header, quoted := true, false
	for line := int64(1); ; line++ {
		text, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return marked, err
		}
		if len(text) == 0 {
			break
		}
		reason, rejected := reasons[line]
		switch {
		case rejected:
			marked++
			quoted = false // a record of its own, whatever came before
			fmt.Fprintf(w, "\"%s\",", strings.ReplaceAll(reason, `"`, `""`))
		case quoted, len(bytes.TrimRight(text, "\r\n")) == 0:
		case header:
			fmt.Fprint(w, ReasonColumn+",")
			header = false
		default:
			fmt.Fprint(w, ",")
		}
		if bytes.Count(text, []byte{'"'})%2 == 1 {
			quoted = !quoted
		}
		if _, err := w.Write(text); err != nil {
			return marked, err
		}
	}
	return marked, w.Flush()
}
