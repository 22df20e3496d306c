package wire

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"airline/local/wire/sigv4"
)

// everywhere are the services that answer alike whatever region a request is signed for: IAM is no region's, STS says in each who calls, and
// S3's clients find the region of a bucket by themselves.
var everywhere = []string{"iam", "sts", "s3"}

// elsewhere is the answer to a request for another region than the stack's, in which nothing of it is: nil of a request for the stack's. What
// no answer is known of is refused by name.
func (s *Server) elsewhere(signed *sigv4.Signed, service, action string) error {
	here := s.world.Graph.Region
	if signed.Region == here || slices.Contains(everywhere, service) {
		return nil
	}
	switch {
	case service == "redshiftdata" && (strings.HasPrefix(action, "GetStatementResult") || action == "DescribeStatement" || action == "CancelStatement"):
		return &apiFault{code: "ResourceNotFoundException", message: "Query does not exist.", status: http.StatusBadRequest}
	case service == "redshiftdata" && action != "ListStatements":
		return &apiFault{code: "ValidationException", message: "Redshift endpoint doesn't exist in this region.", status: http.StatusBadRequest}
	case service == "redshiftserverless" && (action == "GetNamespace" || action == "GetWorkgroup" || action == "GetCredentials"):
		return &apiFault{code: "ResourceNotFoundException", message: "The warehouse was not found in " + signed.Region + ".", status: http.StatusBadRequest}
	}
	return &apiFault{code: "NotImplemented", status: http.StatusNotImplemented, message: fmt.Sprintf(
		"the local world does not model %s of %s in %s: the stack is in %s alone, so set the client's region, such as by AWS_REGION", action, service, signed.Region, here)}
}
