package etl

// The arguments of the job, as machines, the local world and the script call them; a test compares them with the script's.
const (
	ArgumentDataset        = "--dataset"
	ArgumentBucket         = "--bucket"
	ArgumentKey            = "--key"
	ArgumentVersion        = "--version"
	ArgumentLoadID         = "--load_id"
	ArgumentObjects        = "--objects" // a list, in the place of bucket, key, version and load id
	ArgumentRun            = "--run"
	ArgumentStaging        = "--staging"
	ArgumentSQL            = "--sql"
	ArgumentMinDepDelay    = "--min_dep_delay"
	ArgumentMaxRejectRatio = "--max_reject_ratio"
	ArgumentMaxEarly       = "--max_early"
	ArgumentMaxLate        = "--max_late"
	ArgumentFirstDay       = "--first_day"
	ArgumentLastDay        = "--last_day"
	ArgumentRoundTrips     = "--round_trips"
)

// FilesArgument says where the files of a dataset are that others are joined with: --airports.
func (d Dataset) FilesArgument() string { return "--" + string(d) }

// LimitArgument is the share of faulty rows above which others do without a file of the dataset.
func (d Dataset) LimitArgument() string { return "--max_" + string(d) + "_reject_ratio" }

// JobArguments are all arguments that the job takes.
func JobArguments() []string {
	all := []string{
		ArgumentDataset, ArgumentBucket, ArgumentKey, ArgumentVersion, ArgumentLoadID, ArgumentObjects, ArgumentRun, ArgumentStaging, ArgumentSQL,
		ArgumentMaxRejectRatio,
	}
	for _, s := range Settings() {
		all = append(all, "--"+s.Name)
	}
	seen := map[Dataset]bool{}
	for _, d := range Datasets() {
		for _, with := range d.Joined() {
			if !seen[with] {
				seen[with] = true
				all = append(all, with.FilesArgument(), with.LimitArgument())
			}
		}
	}
	return all
}
