using SampleCluster.Api;

namespace SampleCluster.Objects;

/// <summary>Either the object or why not.</summary>
internal readonly record struct StoreResult(StoredObject? Object, ApiStatus? Error)
{
    public static implicit operator StoreResult(StoredObject value) => new(value, null);

    public static implicit operator StoreResult(ApiStatus error) => new(null, error);
}
