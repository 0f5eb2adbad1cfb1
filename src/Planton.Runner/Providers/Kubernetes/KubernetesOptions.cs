namespace Planton.Runner.Providers.Kubernetes;

/// <summary>Every limit and setting of the way to clusters.</summary>
internal sealed record KubernetesOptions
{
    /// <summary>The value of <c>--kubeconfig</c>.</summary>
    public string? KubeConfig { get; init; }

    /// <summary>Where Kubernetes mounts a pod's service account.</summary>
    public string ServiceAccountFolder { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Bounds DNS, TCP, the proxy and the TLS handshake together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An HTTP/2 connection that is silent for this long is pinged, so that a dead one fails instead of hanging.</summary>
    public TimeSpan PingDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the answer to a ping may take.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Later requests take a new connection, so that a changed DNS answer is seen. Running ones are not cut.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan ConnectionIdleTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How much of a response's head is read, in KiB. Over HTTP/2 a larger one is a connection error, for every operation on that
    /// connection: so it is what an API server passes on of a service behind it (10 MiB), with room for what it adds. What goes on from
    /// here is far less (<see cref="Tunnel.Protocol.HeadLimits.MaxResponseBytes"/>).
    /// </summary>
    public int ResponseHeadKiB { get; init; } = (10 * 1024) + 256;

    /// <summary>The same for a connection that brings its own credentials: nobody else's operations are on its target's connections.</summary>
    public int InlineResponseHeadKiB { get; init; } = 256;

    /// <summary>How often, at most, files are looked at for changes.</summary>
    public TimeSpan FileCheckInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A token file is read again after this long, changed or not.</summary>
    public TimeSpan TokenFileLifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a credential plugin may run.</summary>
    public TimeSpan PluginTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A plugin's answer that a server refused is asked for again no sooner than this.</summary>
    public TimeSpan PluginRefusalInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A failed plugin is not run again sooner than this: a burst of operations would start as many processes.</summary>
    public TimeSpan PluginFailureInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The values of references in the runner's own kubeconfig are asked for again after this long.</summary>
    public TimeSpan ReferenceLifetime { get; init; } = TimeSpan.FromSeconds(60);
}
