package redshiftdata

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/local/door"
	"airline/local/redshift"
)

// unloadObjects runs an UNLOAD as its role, and tells how many rows it wrote and how long S3 took. What it wrote stays, whatever
// becomes of the transaction.
func (s *Service) unloadObjects(ctx context.Context, session *session, st *statement, user string) (rows int64, took time.Duration, err error) {
	u := st.unload
	if region := strings.Split(s.endpoint.arn+":::", ":")[3]; u.region != "" && u.region != region {
		return 0, 0, fmt.Errorf("ERROR: UNLOAD to another region than the warehouse's is not modelled here: REGION %s", u.region)
	}
	as, err := s.role(ctx, u.role, user)
	if err != nil {
		return 0, 0, err
	}
	byFolder := u.clean && len(u.partition) > 0 // only those folders are cleaned that get new files
	if !u.overwrite && !byFolder {
		if err := s.emptyPlace(as, u, u.prefix); err != nil {
			return 0, door.Elapsed(as), err
		}
	}
	files, err := session.writeUnload(ctx, u, st.translated)
	defer func() {
		for _, f := range files {
			os.Remove(f.path) // the directory is emptied at the next start, too
		}
	}()
	if err != nil {
		return 0, door.Elapsed(as), err
	}
	for _, f := range files {
		if rows += f.rows; u.header {
			rows--
		}
		if byFolder {
			if err := s.emptyPlace(as, u, u.prefix+f.folder); err != nil {
				return 0, door.Elapsed(as), err
			}
		}
		body, err := os.Open(f.path)
		if err != nil {
			return 0, door.Elapsed(as), err
		}
		_, err = s.objects.PutObject(as, &s3.PutObjectInput{Bucket: &u.bucket, Key: aws.String(u.file(f.folder)), Body: body})
		body.Close()
		if err != nil {
			return 0, door.Elapsed(as), s3Error(err, "Writing s3://"+u.bucket+"/"+u.file(f.folder))
		}
	}
	if u.manifest {
		key := u.prefix + "manifest"
		if _, err := s.objects.PutObject(as, &s3.PutObjectInput{Bucket: &u.bucket, Key: &key, Body: strings.NewReader(u.manifestText(files, st.translated.Columns))}); err != nil {
			return 0, door.Elapsed(as), s3Error(err, "Writing s3://"+u.bucket+"/"+key)
		}
	}
	return rows, door.Elapsed(as), nil
}

// emptyPlace makes sure that nothing is overwritten: what is there already is removed with CLEANPATH, and an error without.
func (s *Service) emptyPlace(as context.Context, u *unload, prefix string) error {
	keys, err := s.list(as, u.bucket, prefix)
	if err != nil {
		return err
	}
	if len(keys) > 0 && !u.clean {
		return fmt.Errorf("ERROR: Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.\n  Detail: there is s3://%s/%s", u.bucket, keys[0])
	}
	for _, key := range keys {
		if _, err := s.objects.DeleteObject(as, &s3.DeleteObjectInput{Bucket: &u.bucket, Key: &key}); err != nil {
			return s3Error(err, "Deleting s3://"+u.bucket+"/"+key)
		}
	}
	return nil
}

// manifestText lists the files ("Unloading data to Amazon S3"); with VERBOSE it tells their sizes and the columns.
func (u *unload) manifestText(files []unloadedFile, columns []redshift.Column) string {
	type object = map[string]any
	entries := []object{}
	var rows, size int64
	for _, f := range files {
		e := object{"url": "s3://" + u.bucket + "/" + u.file(f.folder)}
		if u.verbose {
			e["meta"] = object{"content_length": f.size, "record_count": f.rows}
		}
		rows, size = rows+f.rows, size+f.size
		entries = append(entries, e)
	}
	m := object{"entries": entries}
	if u.verbose {
		var elements []object
		for _, c := range columns {
			base, _, _ := strings.Cut(c.Type.String(), "(")
			typ := object{"base": base}
			switch {
			case c.Type.Kind == redshift.Numeric:
				typ["precision"], typ["scale"] = c.Type.Precision, c.Type.Scale
			case c.Type.Length > 0:
				typ["max_length"] = c.Type.Length
			}
			elements = append(elements, object{"name": c.Name, "type": typ})
		}
		m["schema"] = object{"elements": elements}
		m["meta"] = object{"content_length": size, "record_count": rows}
		m["author"] = object{"name": "Amazon Redshift", "version": "1.0.0"}
	}
	data, _ := json.MarshalIndent(m, "", "  ") // texts and numbers always have JSON
	return string(data)
}
