namespace SampleCluster.Objects;

/// <summary>One step of the cluster's history.</summary>
/// <param name="Version">The resource version that this change made.</param>
/// <param name="Object">The object after it; for a deletion, as it was last.</param>
/// <param name="Previous">The object before it; null for a creation.</param>
/// <param name="Deleted">Whether the object is gone.</param>
internal sealed record ObjectChange(long Version, StoredObject Object, StoredObject? Previous, bool Deleted);
