package review

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"airline/local/recorder"
)

// AtRevision records the program as a Git revision has it: its files are taken out of the repository that holds o.Dir, into
// a temporary folder, compiled there and run as Pulumi runs a program. The repository and its work tree stay as they are.
func AtRevision(ctx context.Context, o recorder.Options, revision string) (_ *Stack, err error) {
	commit, err := git(ctx, o.Dir, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("%s is no commit of the repository around %s: %w", revision, o.Dir, err)
	}
	id := strings.TrimSpace(string(commit))
	origin := fmt.Sprintf("commit %.10s", id)
	dir, err := os.MkdirTemp("", "airline-revision-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	// The tree of the folder that the project is in, as the commit has it.
	prefix, err := git(ctx, o.Dir, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	top, err := git(ctx, o.Dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	files, err := git(ctx, strings.TrimSpace(string(top)), "archive", "--format=tar", id+":"+strings.TrimSuffix(strings.TrimSpace(string(prefix)), "/"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", origin, err)
	}
	project := filepath.Join(dir, "project")
	if err := unpack(bytes.NewReader(files), project); err != nil {
		return nil, fmt.Errorf("%s: %w", origin, err)
	}
	binary := filepath.Join(dir, "program")
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", binary, ".")
	build.Dir = project
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compiling the program of %s: %w\n%s", origin, err, bytes.TrimSpace(said))
	}
	o.Dir = project
	graph, err := recorder.RecordBinary(ctx, o, binary)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", origin, err)
	}
	return Recorded(graph, project, origin)
}

// git asks Git about the repository that holds a folder.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	var said bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w %s", args[0], err, bytes.TrimSpace(said.Bytes()))
	}
	return out, nil
}

// unpack writes the files of a tar archive below a folder. Anything that would leave the folder is refused.
func unpack(r io.Reader, dir string) error {
	root, err := openRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for archive := tar.NewReader(r); ; {
		h, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.FromSlash(strings.TrimSuffix(h.Name, "/"))
		switch h.Typeflag {
		case tar.TypeDir:
			err = root.MkdirAll(name, 0o755)
		case tar.TypeSymlink:
			err = root.Symlink(h.Linkname, name)
		case tar.TypeReg:
			err = writeFile(root, name, archive, h.FileInfo().Mode().Perm())
		}
		if err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
	}
}

func openRoot(dir string) (*os.Root, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}

func writeFile(root *os.Root, name string, r io.Reader, mode os.FileMode) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}
