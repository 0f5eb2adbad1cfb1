using System.Text;

namespace SampleCluster.Hosting;

/// <summary>The file with which any Kubernetes client finds this cluster.</summary>
internal static class Kubeconfig
{
    public const string Context = "sample-cluster";

    public static string Text(string url, string authorityPem, string token) => $"""
        apiVersion: v1
        kind: Config
        current-context: {Context}
        clusters:
        - name: {Context}
          cluster:
            server: {url}
            certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(authorityPem))}
        contexts:
        - name: {Context}
          context:
            cluster: {Context}
            user: {Context}
        users:
        - name: {Context}
          user:
            token: {token}

        """;

    /// <summary>Writes it whole or not at all, for its owner only: it holds the token.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var draft = full + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new FileStream(draft, options))
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        File.Move(draft, full, overwrite: true);
    }
}
