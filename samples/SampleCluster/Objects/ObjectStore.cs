using System.Globalization;
using System.Text.Json.Nodes;
using SampleCluster.Api;

namespace SampleCluster.Objects;

/// <summary>All objects of the cluster, in memory, with one version counter as in etcd.</summary>
internal sealed class ObjectStore(TimeProvider time, StoreLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceType, SortedDictionary<string, StoredObject>> _objects =
        ResourceTypes.All.ToDictionary(type => type, _ => new SortedDictionary<string, StoredObject>(StringComparer.Ordinal));

    private readonly ObjectHistory _history = new(limits.MaxChanges, limits.MaxChangeBytes);
    private TaskCompletionSource _changed = NewSignal();
    private long _version = 1;
    private long _bytes;
    private int _count;

    public TimeProvider Time => time;

    /// <summary>The objects of a type, and the version at which they were so.</summary>
    public (long Version, IReadOnlyList<StoredObject> Objects) List(ResourceType type, string? @namespace = null)
    {
        lock (_lock)
            return (_version, [.. _objects[type].Values.Where(o => @namespace is null || o.Namespace == @namespace)]);
    }

    public StoredObject? Get(ResourceType type, string @namespace, string name)
    {
        lock (_lock)
            return _objects[type].GetValueOrDefault(StoredObject.KeyOf(@namespace, name));
    }

    public StoreResult Create(ResourceType type, string @namespace, JsonObject draft, bool dryRun = false)
    {
        lock (_lock)
        {
            if (type.Namespaced && !_objects[ResourceTypes.Namespaces].ContainsKey(StoredObject.KeyOf("", @namespace)))
                return ApiStatus.NotFound(ResourceTypes.Namespaces, @namespace);
            if (ObjectDefaults.Fill(type, @namespace, draft, time.GetUtcNow()) is { } invalid)
                return invalid;
            var name = draft.Text("metadata", "name")!;
            if (_objects[type].ContainsKey(StoredObject.KeyOf(@namespace, name)))
                return ApiStatus.AlreadyExists(type, name);
            if (_count >= limits.MaxObjects || _bytes >= limits.MaxBytes)
                return ApiStatus.Full(limits);
            return Put(type, @namespace, name, draft, null, dryRun);
        }
    }

    /// <summary>Changes an object. The change is made on a copy; an equal outcome makes no new version.</summary>
    /// <param name="expectedVersion">Refuses with a conflict when the object is at another version; null takes any.</param>
    public StoreResult Update(
        ResourceType type, string @namespace, string name, Func<JsonObject, JsonObject> change, string? expectedVersion = null, bool dryRun = false)
    {
        lock (_lock)
        {
            if (!_objects[type].TryGetValue(StoredObject.KeyOf(@namespace, name), out var current))
                return ApiStatus.NotFound(type, name);
            if (!string.IsNullOrEmpty(expectedVersion) && expectedVersion != current.Version.ToString(CultureInfo.InvariantCulture))
                return ApiStatus.Conflict(type, name);
            var changed = change((JsonObject)current.Json.DeepClone());
            ObjectDefaults.Keep(current.Json, changed);
            return JsonNode.DeepEquals(current.Json, changed) ? current : Put(type, @namespace, name, changed, current, dryRun);
        }
    }

    public StoreResult Delete(ResourceType type, string @namespace, string name)
    {
        lock (_lock)
        {
            if (!_objects[type].Remove(StoredObject.KeyOf(@namespace, name), out var last))
                return ApiStatus.NotFound(type, name);
            _count--;
            _bytes -= last.Utf8.Length;
            var gone = Version(last.Json, ++_version, type, @namespace, name);
            Publish(new ObjectChange(_version, gone, last, Deleted: true));
            return gone;
        }
    }

    /// <summary>The changes after a version; null when they are no longer known.</summary>
    public (long Version, IReadOnlyList<ObjectChange>? Changes) Since(long version)
    {
        lock (_lock)
            return (_version, version < _history.ForgottenVersion ? null : _history.Since(version));
    }

    /// <summary>Returns when there is a change after <paramref name="version"/>.</summary>
    public Task WaitAsync(long version, CancellationToken cancellationToken)
    {
        lock (_lock)
            return _version > version ? Task.CompletedTask : _changed.Task.WaitAsync(cancellationToken);
    }

    private StoredObject Put(ResourceType type, string @namespace, string name, JsonObject draft, StoredObject? previous, bool dryRun)
    {
        if (dryRun)
            return Version(draft, _version, type, @namespace, name);
        var stored = Version(draft, ++_version, type, @namespace, name);
        _objects[type][stored.Key] = stored;
        _count += previous is null ? 1 : 0;
        _bytes += stored.Utf8.Length - (previous?.Utf8.Length ?? 0);
        Publish(new ObjectChange(_version, stored, previous, Deleted: false));
        return stored;
    }

    private static StoredObject Version(JsonObject json, long version, ResourceType type, string @namespace, string name)
    {
        var copy = (JsonObject)json.DeepClone();
        copy["metadata"]!["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        return new StoredObject(type, @namespace, name, version, copy, ObjectDefaults.Freeze(copy));
    }

    private void Publish(ObjectChange change)
    {
        _history.Add(change);
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
