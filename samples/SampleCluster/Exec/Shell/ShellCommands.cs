using System.Globalization;

namespace SampleCluster.Exec.Shell;

/// <summary>The commands there are.</summary>
internal static class ShellCommands
{
    private static readonly Dictionary<string, Func<ShellCall, CancellationToken, Task<int>>> ByName = new(StringComparer.Ordinal)
    {
        ["cat"] = StreamCommands.CatAsync,
        ["date"] = (call, cancel) => call.PrintAsync(
            call.Container.Time.GetUtcNow().UtcDateTime.ToString("ddd MMM d HH:mm:ss 'UTC' yyyy'\n'", CultureInfo.InvariantCulture), cancel),
        ["echo"] = EchoAsync,
        ["env"] = PrintEnvironmentAsync,
        ["false"] = (_, _) => Task.FromResult(1),
        ["head"] = StreamCommands.HeadAsync,
        ["hostname"] = (call, cancel) => call.PrintAsync(call.Container.Files["/etc/hostname"], cancel),
        ["id"] = (call, cancel) => call.PrintAsync("uid=0(root) gid=0(root)\n", cancel),
        ["ls"] = ListAsync,
        ["printenv"] = PrintEnvironmentAsync,
        ["pwd"] = (call, cancel) => call.PrintAsync("/\n", cancel),
        ["sha256sum"] = StreamCommands.Sha256Async,
        ["sleep"] = SleepAsync,
        ["true"] = (_, _) => Task.FromResult(0),
        ["uname"] = (call, cancel) => call.PrintAsync("Linux sample-cluster\n", cancel),
        ["wc"] = StreamCommands.CountAsync,
        ["whoami"] = (call, cancel) => call.PrintAsync("root\n", cancel),
    };

    public static Func<ShellCall, CancellationToken, Task<int>>? Find(string name) => ByName.GetValueOrDefault(name);

    private static Task<int> EchoAsync(ShellCall call, CancellationToken cancellationToken)
    {
        var bare = call.Words.Length > 1 && call.Words[1] == "-n";
        return call.PrintAsync(string.Join(' ', call.Arguments.Skip(bare ? 1 : 0)) + (bare ? "" : "\n"), cancellationToken);
    }

    private static async Task<int> PrintEnvironmentAsync(ShellCall call, CancellationToken cancellationToken)
    {
        if (call.Words.Length == 1)
            return await call.PrintAsync(string.Concat(call.Container.Environment.Select(v => $"{v.Key}={v.Value}\n")), cancellationToken);
        return call.Container.Environment.TryGetValue(call.Words[1], out var value) ? await call.PrintAsync(value + "\n", cancellationToken) : 1;
    }

    private static async Task<int> ListAsync(ShellCall call, CancellationToken cancellationToken)
    {
        var path = "/" + (call.Arguments.FirstOrDefault(a => !a.StartsWith('-')) ?? "").Trim('/', '.');
        if (call.Container.Files.ContainsKey(path))
            return await call.PrintAsync(path + "\n", cancellationToken);
        var folder = path == "/" ? path : path + "/";
        var names = call.Container.Files.Keys
            .Where(file => file.StartsWith(folder, StringComparison.Ordinal))
            .Select(file => file[folder.Length..].Split('/')[0])
            .Distinct()
            .ToList();
        return names.Count > 0
            ? await call.PrintAsync(string.Join('\n', names) + "\n", cancellationToken)
            : await call.FailAsync($"{path}: No such file or directory", cancellationToken);
    }

    private static async Task<int> SleepAsync(ShellCall call, CancellationToken cancellationToken)
    {
        if (call.Words.Length < 2
            || !double.TryParse(call.Words[1].TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || seconds > TimeSpan.FromDays(1).TotalSeconds)
            return await call.FailAsync("invalid time interval", cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(seconds), call.Container.Time, cancellationToken);
        return 0;
    }
}
