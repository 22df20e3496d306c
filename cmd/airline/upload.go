package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/spf13/cobra"

	"airline/operate"
)

// uploadArgs are the flags of airline upload.
type uploadArgs struct {
	stackArgs
	target        targetArgs
	force, noWait bool
	every         time.Duration
}

func newUploadCmd() *cobra.Command {
	a := &uploadArgs{}
	cmd := &cobra.Command{
		Use:   "upload FILE...",
		Short: "Upload files to a deployed stack, and tell what becomes of them",
		Long: `Judges each file by the contract first, with the airports that the stack has; then
uploads it with a checksum, waits for its load and tells how it ends. Nothing is
uploaded when a file would be refused, unless it is forced. The exit code is 1
when a file was refused or not loaded.`,
		Example: `  airline upload flights.csv --date 2026-11-29
  airline upload daily-flights/date=2026-11-29/flights.csv airports.csv`,
		RunE: func(cmd *cobra.Command, files []string) error {
			if len(files) == 0 {
				return fmt.Errorf("name the files: %s", cmd.UseLine())
			}
			if a.every <= 0 {
				return fmt.Errorf("--every %v: give a time such as 2s", a.every)
			}
			return a.run(cmd, files)
		},
	}
	a.add(cmd.Flags())
	a.target.add(cmd.Flags())
	cmd.Flags().BoolVar(&a.force, "force", false, "upload without judging the files")
	cmd.Flags().BoolVar(&a.noWait, "no-wait", false, "do not wait for the loads")
	cmd.Flags().DurationVar(&a.every, "every", 2*time.Second, "how often AWS is asked how a load is")
	return cmd
}

func (a *uploadArgs) run(cmd *cobra.Command, files []string) error {
	keys, err := a.target.keys(files)
	if err != nil {
		return err
	}
	s, err := a.open(cmd.Context(), "upload")
	if err != nil {
		return err
	}
	if !a.force {
		if err := a.judge(cmd, s, files, keys); err != nil {
			return err
		}
	}
	var uploaded []*operate.Uploaded
	for i, file := range files {
		u, err := s.Upload(cmd.Context(), file, keys[i], progress(cmd, file))
		if err != nil {
			return err
		}
		uploaded = append(uploaded, u)
		if a.noWait || !a.asJSON {
			if err := a.writeUploaded(cmd, u); err != nil {
				return err
			}
		}
	}
	if a.noWait {
		return nil
	}
	notLoaded := 0
	for _, u := range uploaded {
		ok, err := a.await(cmd, s, u)
		if err != nil {
			return err
		}
		if !ok {
			notLoaded++
		}
	}
	if notLoaded > 0 {
		return badNews{fmt.Sprintf("%d of %d files were not loaded", notLoaded, len(files))}
	}
	return nil
}

// judge judges all files before the first is uploaded.
func (a *uploadArgs) judge(cmd *cobra.Command, s *operate.Session, files, keys []string) error {
	dir, err := os.MkdirTemp("", "airline-airports-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	airports, err := s.CurrentAirports(cmd.Context(), dir)
	if err != nil {
		return err
	}
	unfit := 0
	for i, file := range files {
		checked, err := operate.Check(cmd.Context(), s.Config, file, keys[i], airports)
		if err != nil {
			return err
		}
		if checked.Fits {
			continue
		}
		unfit++
		if err := a.writeChecked(cmd.OutOrStdout(), checked); err != nil {
			return err
		}
	}
	if unfit > 0 {
		return badNews{fmt.Sprintf("%d of %d files would be refused; nothing was uploaded (--force uploads all the same)", unfit, len(files))}
	}
	return nil
}

// progress tells on a terminal how much of a file is sent.
func progress(cmd *cobra.Command, file string) func(sent, total int64) {
	out := terminal(cmd.ErrOrStderr())
	if out == nil {
		return nil
	}
	told := int64(-1)
	return func(sent, total int64) {
		if percent := 100 * sent / max(1, total); percent != told {
			told = percent
			fmt.Fprintf(out, "\r%s %d%%", file, percent)
			if percent == 100 {
				fmt.Fprint(out, "\r\x1b[K")
			}
		}
	}
}

func (a *uploadArgs) writeUploaded(cmd *cobra.Command, u *operate.Uploaded) error {
	if a.asJSON {
		return object(cmd.OutOrStdout(), u)
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "uploaded %s as %s, version %s\n", u.File, u.Key, u.Version)
	return err
}

// await waits for a load and tells how it has ended.
func (a *uploadArgs) await(cmd *cobra.Command, s *operate.Session, u *operate.Uploaded) (loaded bool, err error) {
	x, err := s.Await(cmd.Context(), u.Key, u.Version, a.every, func(x operate.Execution) {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s is loaded by %s\n", u.Key, x.ARN)
	})
	if err != nil {
		if cmd.Context().Err() != nil {
			return false, errors.New("interrupted; the uploads are done, and their loads go on")
		}
		return false, err
	}
	loaded = x.Status == types.ExecutionStatusSucceeded
	if a.asJSON {
		return loaded, object(cmd.OutOrStdout(), struct {
			*operate.Uploaded
			Execution *operate.Execution `json:"execution"`
		}{u, x})
	}
	if loaded {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is loaded, after %v\n", u.Key, x.Took())
	} else {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is NOT loaded: %s: %s\n", u.Key, x.Error, x.Cause)
	}
	return loaded, err
}
