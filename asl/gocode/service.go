package gocode

import (
	"reflect"
	"strconv"
	"strings"
	"sync"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/athena"
	"airline/asl/batch"
	"airline/asl/bedrock"
	"airline/asl/dynamodb"
	"airline/asl/ecs"
	"airline/asl/emrserverless"
	"airline/asl/events"
	"airline/asl/glue"
	"airline/asl/jsonvalue"
	"airline/asl/lambda"
	"airline/asl/redshiftdata"
	"airline/asl/s3"
	"airline/asl/scheduler"
	"airline/asl/sfn"
	"airline/asl/sns"
	"airline/asl/sqs"
)

// typedService is an operation that has a typed task.
type typedService struct {
	parameters reflect.Type
	// make is the method of the parameters that makes the task, with a leading
	// dot, or the function that does.
	make string
}

// typedServices are the operations with typed tasks, by resource.
var typedServices = sync.OnceValue(func() map[string]typedService {
	return map[string]typedService{
		"arn:aws:states:::athena:startQueryExecution":             {reflect.TypeFor[athena.StartQueryExecution](), ".Task"},
		"arn:aws:states:::athena:startQueryExecution.sync":        {reflect.TypeFor[athena.StartQueryExecution](), ".Sync"},
		"arn:aws:states:::athena:getQueryResults":                 {reflect.TypeFor[athena.GetQueryResults](), ".Task"},
		"arn:aws:states:::batch:submitJob":                        {reflect.TypeFor[batch.SubmitJob](), ".Task"},
		"arn:aws:states:::batch:submitJob.sync":                   {reflect.TypeFor[batch.SubmitJob](), ".Sync"},
		"arn:aws:states:::bedrock:invokeModel":                    {reflect.TypeFor[bedrock.InvokeModel](), "bedrock.Invoke[any]"},
		"arn:aws:states:::dynamodb:getItem":                       {reflect.TypeFor[dynamodb.GetItem](), ".Task"},
		"arn:aws:states:::dynamodb:putItem":                       {reflect.TypeFor[dynamodb.PutItem](), ".Task"},
		"arn:aws:states:::dynamodb:updateItem":                    {reflect.TypeFor[dynamodb.UpdateItem](), ".Task"},
		"arn:aws:states:::dynamodb:deleteItem":                    {reflect.TypeFor[dynamodb.DeleteItem](), ".Task"},
		"arn:aws:states:::ecs:runTask":                            {reflect.TypeFor[ecs.RunTask](), ".Task"},
		"arn:aws:states:::ecs:runTask.sync":                       {reflect.TypeFor[ecs.RunTask](), ".Sync"},
		"arn:aws:states:::ecs:runTask.waitForTaskToken":           {reflect.TypeFor[ecs.RunTask](), "ecs.WaitForTaskToken[any]"},
		"arn:aws:states:::emr-serverless:startJobRun":             {reflect.TypeFor[emrserverless.StartJobRun](), ".Task"},
		"arn:aws:states:::emr-serverless:startJobRun.sync":        {reflect.TypeFor[emrserverless.StartJobRun](), ".Sync"},
		"arn:aws:states:::events:putEvents":                       {reflect.TypeFor[events.PutEvents](), ".Task"},
		"arn:aws:states:::events:putEvents.waitForTaskToken":      {reflect.TypeFor[events.PutEvents](), "events.WaitForTaskToken[any]"},
		"arn:aws:states:::glue:startJobRun":                       {reflect.TypeFor[glue.StartJobRun](), ".Task"},
		"arn:aws:states:::glue:startJobRun.sync":                  {reflect.TypeFor[glue.StartJobRun](), ".Sync"},
		"arn:aws:states:::lambda:invoke":                          {reflect.TypeFor[lambda.Call](), "lambda.Invoke[any]"},
		"arn:aws:states:::lambda:invoke.waitForTaskToken":         {reflect.TypeFor[lambda.Call](), "lambda.WaitForTaskToken[any]"},
		"arn:aws:states:::states:startExecution":                  {reflect.TypeFor[sfn.StartExecution](), ".Task"},
		"arn:aws:states:::states:startExecution.sync:2":           {reflect.TypeFor[sfn.StartExecution](), "sfn.Sync[any]"},
		"arn:aws:states:::states:startExecution.sync":             {reflect.TypeFor[sfn.StartExecution](), "sfn.SyncText"},
		"arn:aws:states:::states:startExecution.waitForTaskToken": {reflect.TypeFor[sfn.StartExecution](), "sfn.WaitForTaskToken[any]"},
		"arn:aws:states:::sns:publish":                            {reflect.TypeFor[sns.Publish](), ".Task"},
		"arn:aws:states:::sns:publish.waitForTaskToken":           {reflect.TypeFor[sns.Publish](), "sns.WaitForTaskToken[any]"},
		"arn:aws:states:::sqs:sendMessage":                        {reflect.TypeFor[sqs.SendMessage](), ".Task"},
		"arn:aws:states:::sqs:sendMessage.waitForTaskToken":       {reflect.TypeFor[sqs.SendMessage](), "sqs.WaitForTaskToken[any]"},
		asl.SDK("dynamodb", "query"):                              {reflect.TypeFor[dynamodb.Query](), ".Task"},
		asl.SDK("glue", "startCrawler"):                           {reflect.TypeFor[glue.StartCrawler](), ".Task"},
		asl.SDK("glue", "getCrawler"):                             {reflect.TypeFor[glue.GetCrawler](), ".Task"},
		asl.SDK("glue", "stopCrawler"):                            {reflect.TypeFor[glue.StopCrawler](), ".Task"},
		asl.SDK("glue", "getJobRun"):                              {reflect.TypeFor[glue.GetJobRun](), ".Task"},
		asl.SDK("redshiftdata", "batchExecuteStatement"):          {reflect.TypeFor[redshiftdata.BatchExecuteStatement](), ".Task"},
		asl.SDK("redshiftdata", "executeStatement"):               {reflect.TypeFor[redshiftdata.ExecuteStatement](), ".Task"},
		asl.SDK("redshiftdata", "describeStatement"):              {reflect.TypeFor[redshiftdata.DescribeStatement](), ".Task"},
		asl.SDK("redshiftdata", "getStatementResult"):             {reflect.TypeFor[redshiftdata.GetStatementResult](), ".Task"},
		asl.SDK("redshiftdata", "cancelStatement"):                {reflect.TypeFor[redshiftdata.CancelStatement](), ".Task"},
		asl.SDK("s3", "getObject"):                                {reflect.TypeFor[s3.GetObject](), ".Task"},
		asl.SDK("s3", "headObject"):                               {reflect.TypeFor[s3.HeadObject](), ".Task"},
		asl.SDK("s3", "putObject"):                                {reflect.TypeFor[s3.PutObject](), ".Task"},
		asl.SDK("s3", "listObjectsV2"):                            {reflect.TypeFor[s3.ListObjects](), ".Task"},
		asl.SDK("s3", "listObjectVersions"):                       {reflect.TypeFor[s3.ListObjectVersions](), ".Task"},
		asl.SDK("scheduler", "createSchedule"):                    {reflect.TypeFor[scheduler.CreateSchedule](), ".Task"},
		asl.SDK("scheduler", "deleteSchedule"):                    {reflect.TypeFor[scheduler.DeleteSchedule](), ".Task"},
	}
})

// packages are the names of the packages with typed tasks.
func packages() map[string]string {
	names := map[string]string{}
	for _, s := range typedServices() {
		path := s.parameters.PkgPath()
		names[path[strings.LastIndexByte(path, '/')+1:]] = path
	}
	return names
}

// typedTask is a task of a typed service, when all parameters fit into its
// struct.
func (w *stateWriter) typedTask(parameters ast.Field) (string, bool) {
	service, ok := typedServices()[w.st.Resource]
	if !ok {
		return "", false
	}
	o, ok := parameters.Value().(*jsonvalue.Object)
	if !ok {
		return "", false
	}
	text, ok := w.structure(o, service.parameters)
	if !ok {
		return "", false
	}
	w.imports[service.parameters.PkgPath()] = true
	w.operation = service.parameters.String()
	if strings.HasPrefix(service.make, ".") {
		return text + service.make + "(" + w.name() + ")", true
	}
	return service.make + "(" + text + ", " + w.name() + ")", true
}

// structure is an object as a literal of a struct type, if all members fit and no
// field is missing that would be printed all the same.
func (w *stateWriter) structure(o *jsonvalue.Object, t reflect.Type) (string, bool) {
	used := map[string]bool{}
	parts, ok := w.fields(o, t, used)
	return composite(t.String(), parts), ok && len(used) == o.Len()
}

func (w *stateWriter) fields(o *jsonvalue.Object, t reflect.Type, used map[string]bool) (parts []string, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
			continue
		case name == "" && f.Anonymous:
			inner, ok := w.fields(o, f.Type, used)
			if !ok {
				return nil, false
			}
			if len(inner) > 0 {
				parts = append(parts, f.Name+": "+composite(f.Type.String(), inner))
			}
			continue
		case name == "":
			name = f.Name
		}
		key := name
		v, present := o.Get(key)
		isDynamic := false
		if !present && w.lang == ast.JSONPath {
			key = name + ".$"
			if v, present = o.Get(key); present {
				_, _, isDynamic = dynamic(key, v, w.lang)
				if !isDynamic {
					return nil, false
				}
			}
		}
		if !present {
			nilable := f.Type.Kind() == reflect.Interface || f.Type.Kind() == reflect.Slice || f.Type.Kind() == reflect.Map || f.Type.Kind() == reflect.Pointer
			if !nilable && !strings.Contains(options, "omit") {
				return nil, false
			}
			continue
		}
		text, ok := w.fit(v, f.Type, isDynamic)
		if !ok {
			return nil, false
		}
		used[key] = true
		parts = append(parts, f.Name+": "+text)
	}
	return parts, true
}

// valueTypes are the Value types with the Go types of their values.
var valueTypes = map[reflect.Type]string{
	reflect.TypeFor[asl.Value[string]]():  "string",
	reflect.TypeFor[asl.Value[int]]():     "int",
	reflect.TypeFor[asl.Value[float64]](): "float64",
	reflect.TypeFor[asl.Value[bool]]():    "bool",
	reflect.TypeFor[asl.Value[any]]():     "any",
}

// fit is a value as an expression of a type.
func (w *stateWriter) fit(v any, t reflect.Type, isDynamic bool) (string, bool) {
	if typ, ok := valueTypes[t]; ok {
		if isDynamic {
			return w.expression(v.(string), typ), true
		}
		return w.typedLiteral(v, typ, w.lang)
	}
	if t == reflect.TypeFor[any]() {
		if isDynamic {
			return w.expression(v.(string), operand), true
		}
		return w.document(v, w.lang), v != nil
	}
	if isDynamic {
		return "", false
	}
	switch t.Kind() {
	case reflect.Slice:
		return w.fitList(v, t)
	case reflect.Map:
		return w.fitMap(v, t)
	case reflect.Pointer:
		text, ok := w.fit(v, t.Elem(), false)
		return "&" + text, ok && t.Elem().Kind() == reflect.Struct
	case reflect.Struct:
		return w.fitStruct(v, t)
	case reflect.String:
		s, ok := v.(string)
		return quote(s), ok && s != ""
	case reflect.Bool:
		b, ok := v.(bool)
		return strconv.FormatBool(b), ok && b
	case reflect.Int:
		n, ok := ast.NewField(v).Int()
		return strconv.Itoa(n), ok && n != 0
	}
	return "", false
}

// attributes are the functions that make an attribute of one field.
var attributes = map[string]string{"S": "dynamodb.S", "N": "dynamodb.N", "BOOL": "dynamodb.B"}

func (w *stateWriter) fitStruct(v any, t reflect.Type) (string, bool) {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return "", false
	}
	if t == reflect.TypeFor[dynamodb.Attribute]() && o.Len() == 1 {
		name, v := o.At(0)
		base, _, isDynamic := dynamic(name, v, w.lang)
		if function := attributes[base]; function != "" {
			f, _ := t.FieldByName(base)
			text, ok := w.fit(v, f.Type, isDynamic)
			return function + "(" + text + ")", ok
		}
	}
	return w.structure(o, t)
}

func (w *stateWriter) fitList(v any, t reflect.Type) (string, bool) {
	list, ok := v.([]any)
	var parts []string
	for _, item := range list {
		part, fits := w.fit(item, t.Elem(), false)
		ok = ok && fits
		parts = append(parts, strings.TrimPrefix(part, t.Elem().String()))
	}
	return composite(t.String(), parts), ok
}

func (w *stateWriter) fitMap(v any, t reflect.Type) (string, bool) {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return "", false
	}
	var parts []string
	for key, item := range o.All() {
		base, _, isDynamic := dynamic(key, item, w.lang)
		if !isDynamic {
			base = key
		} else if _, both := o.Get(base); both {
			return "", false
		}
		part, fits := w.fit(item, t.Elem(), isDynamic)
		if !fits {
			return "", false
		}
		parts = append(parts, quote(base)+": "+strings.TrimPrefix(part, t.Elem().String()))
	}
	return composite(t.String(), parts), true
}
