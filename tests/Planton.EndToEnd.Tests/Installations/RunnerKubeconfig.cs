namespace Planton.EndToEnd.Tests.Installations;

/// <summary>Kubeconfigs for runners that reach something other than a cluster.</summary>
internal static class RunnerKubeconfig
{
    public static string WriteForNowhere(PlantonInstallation installation) => Write(installation, "nowhere", "https://127.0.0.1:9", "nowhere");

    /// <summary>A kubeconfig with one cluster and a bearer token.</summary>
    public static string Write(PlantonInstallation installation, string name, string server, string token) =>
        Write(installation.PathOf($"{name}-kubeconfig.yaml"), server, token);

    /// <summary>The same, in a file.</summary>
    public static string Write(string file, string server, string token)
    {
        File.WriteAllText(file, $$"""
            apiVersion: v1
            kind: Config
            clusters: [{ name: c, cluster: { server: "{{server}}" } }]
            users: [{ name: u, user: { token: {{token}} } }]
            contexts: [{ name: x, context: { cluster: c, user: u } }]
            current-context: x
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
