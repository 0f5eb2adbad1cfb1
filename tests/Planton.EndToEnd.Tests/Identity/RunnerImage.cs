using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Identity;

/// <summary>
/// The published runner as an image of one layer: the program, the libraries of this machine that it loads, and nothing else.
/// It is imported into the containerd of the test cluster, which has no registry, and removed from there at dispose.
/// </summary>
internal sealed class RunnerImage : IAsyncDisposable
{
    public const string Program = "/usr/local/bin/planton-runner";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // .NET loads OpenSSL by name, and the C library the modules that resolve names: no program says that it needs them.
    private static readonly string[] LoadedByName = ["libssl.so.3", "libcrypto.so.3", "libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"];

    private readonly string[] _containerd;

    private RunnerImage(string name, string[] containerd) => (Name, _containerd) = (name, containerd);

    public string Name { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Packs and imports it. Without a containerd that this process may use, or a published runner, the test is skipped.</summary>
    /// <param name="kubeconfig">Of the cluster; the socket of its containerd is in <c>containerd/sock</c> beside it.</param>
    /// <param name="folder">For the files on the way.</param>
    public static async Task<RunnerImage> ImportAsync(string kubeconfig, string folder)
    {
        var socket = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(kubeconfig))!, "containerd", "sock");
        RequireThat(File.Exists(socket), $"images cannot be imported into the cluster: there is no {socket}");
        RequireThat(Environment.IsPrivilegedProcess, "images cannot be imported into the cluster: this takes root");
        RequireThat(!File.Exists(ProgramFiles.Runner + ".dll"), $"an image holds the published runner: {ProgramFiles.Variable} is not set");
        var image = new RunnerImage($"docker.io/library/planton-runner:{Guid.NewGuid():N}", ["-a", socket, "-n", "k8s.io", "images"]);
        var file = Path.Combine(folder, "runner-image.tar");
        await PackAsync(image.Name, file, await FilesAsync());
        await image.RunAsync("import", file);
        return image;
    }

    public async ValueTask DisposeAsync() => await RunAsync("rm", Name);

    private static void RequireThat(bool holds, string otherwise)
    {
        if (holds)
            return;
        Assert.False(RequiredTool.InCi, otherwise);
        Assert.Skip(otherwise);
    }

    private async Task RunAsync(string command, string argument)
    {
        var result = await ProgramProcess.RunAsync(RequiredTool.OnPath("ctr", "containerd"), [.. _containerd, command, argument], cancellationToken: Token);
        Assert.True(result.ExitCode == 0, $"ctr images {command}: {result}");
    }

    /// <summary>Files of this machine, by their paths in the image.</summary>
    private static async Task<SortedDictionary<string, string>> FilesAsync()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal) { [Program] = ProgramFiles.Runner };
        foreach (var library in await LibrariesOfAsync(ProgramFiles.Runner))
            files[library] = library;
        var folder = Path.GetDirectoryName(files.Keys.Single(path => Path.GetFileName(path) == "libc.so.6"))!;
        foreach (var path in LoadedByName.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            files[path] = path;
            foreach (var library in await LibrariesOfAsync(path))
                files[library] = library;
        }

        return files;
    }

    // Lines such as "libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)" and "/lib64/ld-linux-x86-64.so.2 (0x…)".
    private static async Task<IEnumerable<string>> LibrariesOfAsync(string program)
    {
        var result = await ProgramProcess.RunAsync(RequiredTool.OnPath("ldd", "libc-bin"), [program], cancellationToken: Token);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.OutputLines.SelectMany(line => line.Split((char[])[' ', '\t'])).Where(word => word.StartsWith('/'));
    }

    private static async Task PackAsync(string name, string file, SortedDictionary<string, string> files)
    {
        var layer = file + ".layer";
        await using (var stream = File.Create(layer))
        await using (var tar = new TarWriter(stream))
        {
            foreach (var (path, source) in files)
                await AddAsync(tar, path.TrimStart('/'), await File.ReadAllBytesAsync(source, Token));
        }

        var content = await File.ReadAllBytesAsync(layer, Token);
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        var config = Encoding.UTF8.GetBytes(
            $$"""
            {"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Entrypoint":["{{Program}}","start"]},
            "rootfs":{"type":"layers","diff_ids":["sha256:{{digest}}"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}
            """);
        var configFile = $"{Convert.ToHexStringLower(SHA256.HashData(config))}.json";
        await using var archive = File.Create(file);
        await using var writer = new TarWriter(archive);
        await AddAsync(writer, "manifest.json", Encoding.UTF8.GetBytes($$"""[{"Config":"{{configFile}}","RepoTags":["{{name}}"],"Layers":["{{digest}}/layer.tar"]}]"""));
        await AddAsync(writer, configFile, config);
        await AddAsync(writer, $"{digest}/layer.tar", content);
    }

    private static async Task AddAsync(TarWriter tar, string path, byte[] content)
    {
        using var data = new MemoryStream(content);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = data, Mode = Executable }, Token);
    }
}
