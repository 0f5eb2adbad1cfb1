namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>A credential plugin: a program that prints an ExecCredential.</summary>
internal sealed record ExecSpec
{
    public required string ApiVersion { get; init; }

    public required string Command { get; init; }

    public EquatableList<string> Arguments { get; init; } = [];

    public EquatableList<KeyValuePair<string, string>> Environment { get; init; } = [];

    public bool ProvideClusterInfo { get; init; }

    public string? InstallHint { get; init; }

    public string? InteractiveMode { get; init; }

    public override string ToString() => Command;
}
