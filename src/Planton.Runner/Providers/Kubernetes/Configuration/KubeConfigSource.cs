using Planton.Runner.Files;

namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>The merged kubeconfig of a location, read again when one of its files changes.</summary>
internal sealed class KubeConfigSource(KubernetesOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private KubeLocation? _location;
    private WatchedFiles? _files;
    private TargetAttempt<KubeConfig> _config;

    /// <summary>The same object for as long as nothing changed.</summary>
    public TargetAttempt<KubeConfig> Get(KubeLocation location)
    {
        lock (_gate)
        {
            if (_files is not null && location == _location && !_files.Changed())
                return _config;
            _location = location;
            _files = new WatchedFiles(location.Files, time, options.FileCheckInterval);
            return _config = Read(location);
        }
    }

    private static TargetAttempt<KubeConfig> Read(KubeLocation location)
    {
        var files = new List<KubeConfig>();
        foreach (var path in location.Files.Where(MountedFile.Exists))
        {
            var file = KubeConfigReader.ReadFile(path);
            if (file.Fault is { } fault)
                return fault;
            files.Add(file.Value!);
        }

        return KubeConfig.Merge(files);
    }
}
