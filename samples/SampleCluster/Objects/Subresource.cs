namespace SampleCluster.Objects;

/// <summary>A path below one object, such as <c>pods/NAME/log</c>.</summary>
internal sealed record Subresource(string Name, string Kind, string Verb);
