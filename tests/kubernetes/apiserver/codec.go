// How objects become text and back; like a cluster's, it never writes into one that others may be reading.
package main

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/versioning"
)

// A cluster has a Go type for what it holds and another for what it shows. Here both are the type of
// k8s.io/api, for which the library's own codec would write kind and version into the shared object while it
// is being shown, and leave them there after reading.
type codecs struct{ serializer.CodecFactory }

func (c codecs) EncoderForVersion(encoder runtime.Encoder, version runtime.GroupVersioner) runtime.Encoder {
	return versioning.NewCodec(encoder, nil, scheme, scheme, scheme, scheme, version, nil, scheme.Name())
}

func (c codecs) DecoderToVersion(decoder runtime.Decoder, version runtime.GroupVersioner) runtime.Decoder {
	return nameless{c.CodecFactory.DecoderToVersion(decoder, version)}
}

// stored is how objects lie in etcd: JSON in the versions that are served.
func (c codecs) stored(versions []schema.GroupVersion) runtime.Codec {
	legacy := c.LegacyCodec(versions...)
	encoder := versioning.NewCodec(plainJSON(c), nil, scheme, scheme, scheme, scheme, schema.GroupVersions(versions), nil, scheme.Name())
	return runtime.NewCodec(encoder, nameless{legacy})
}

func plainJSON(c codecs) runtime.Encoder {
	info, _ := runtime.SerializerInfoForMediaType(c.SupportedMediaTypes(), runtime.ContentTypeJSON)
	return info.Serializer
}

// nameless takes kind and version away from what was read, for the held form has none.
type nameless struct{ runtime.Decoder }

func (n nameless) Decode(data []byte, named *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	read, was, err := n.Decoder.Decode(data, named, into)
	if read != nil {
		if kinds, unversioned, known := scheme.ObjectKinds(read); known == nil && !unversioned && len(kinds) > 0 {
			read.GetObjectKind().SetGroupVersionKind(schema.GroupVersionKind{})
		}
	}
	return read, was, err
}
