// Tells what the oldest Kubernetes that we support has against our CRD, and against the stores of files: by its own code,
// for which a server of that version need not be built. Later versions count the cost of rules more kindly.
//
//	go run . CRD [STORE...]
//
// prints a line for each fault, and ends with 1 where there is any.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	apiservervalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

func main() {
	faults, err := check(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	for _, fault := range faults {
		fmt.Println(fault)
	}
	if len(faults) > 0 {
		os.Exit(1)
	}
}

func check(crdFile string, storeFiles []string) ([]string, error) {
	crd, err := readCRD(crdFile)
	if err != nil {
		return nil, err
	}
	if errs := validation.ValidateCustomResourceDefinition(context.Background(), crd); len(errs) > 0 {
		return told(crdFile, errs), nil
	}
	var faults []string
	for _, file := range storeFiles {
		stores, err := readStores(file)
		if err != nil {
			return nil, err
		}
		for _, store := range stores {
			errs, err := validate(crd, store)
			if err != nil {
				return nil, err
			}
			faults = append(faults, told(file, errs)...)
		}
	}
	return faults, nil
}

func told(file string, errs field.ErrorList) []string {
	var lines []string
	for _, err := range errs {
		lines = append(lines, fmt.Sprintf("%s: %v", file, err))
	}
	return lines
}

// As the API server has it in memory, with the defaults of a CRD.
func readCRD(file string) (*apiextensions.CustomResourceDefinition, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var external v1.CustomResourceDefinition
	if err := yaml.UnmarshalStrict(text, &external); err != nil {
		return nil, err
	}
	scheme := runtime.NewScheme()
	install.Install(scheme)
	scheme.Default(&external)
	var crd apiextensions.CustomResourceDefinition
	if err := scheme.Convert(&external, &crd, nil); err != nil {
		return nil, err
	}
	for _, version := range crd.Spec.Versions {
		if version.Storage {
			crd.Status.StoredVersions = []string{version.Name}
		}
	}
	return &crd, nil
}

// The stores among the objects of a file.
func readStores(file string) ([]map[string]interface{}, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var stores []map[string]interface{}
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for {
		var document runtime.RawExtension
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return stores, nil
		} else if err != nil {
			return nil, err
		}
		var object map[string]interface{}
		// Other than Go's own it tells whole numbers as such.
		if err := json.Unmarshal(document.Raw, &object); err != nil {
			return nil, err
		}
		if object["kind"] == "EcomStore" {
			stores = append(stores, object)
		}
	}
}

// Schema, defaults and rules, as at a creation.
func validate(crd *apiextensions.CustomResourceDefinition, store map[string]interface{}) (field.ErrorList, error) {
	props := crd.Spec.Validation.OpenAPIV3Schema
	structural, err := schema.NewStructural(props)
	if err != nil {
		return nil, err
	}
	defaulting.Default(store, structural)
	validator, _, err := apiservervalidation.NewSchemaValidator(props)
	if err != nil {
		return nil, err
	}
	if errs := apiservervalidation.ValidateCustomResource(nil, store, validator); len(errs) > 0 {
		return errs, nil
	}
	rules := cel.NewValidator(structural, true, celconfig.PerCallLimit)
	errs, _ := rules.Validate(context.Background(), nil, structural, store, nil, celconfig.RuntimeCELCostBudget)
	return errs, nil
}
