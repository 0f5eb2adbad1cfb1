namespace Planton.Testing.Programs;

/// <summary>The environment of a program under test: nothing of the developer's own settings reaches it.</summary>
public static class CleanEnvironment
{
    private static readonly string[] Removed =
    [
        "KUBECONFIG", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
        "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HELM_KUBECONTEXT",
    ];

    /// <summary>Variables to set, and (with a null value) to remove, for a program whose home folder is <paramref name="home"/>.</summary>
    public static Dictionary<string, string?> Variables(string home)
    {
        var variables = new Dictionary<string, string?> { ["HOME"] = home, ["NO_COLOR"] = "1" };
        // A gen0 budget of 4 MiB (hexadecimal, no prefix): frequent collections make memory growth mean retained memory.
        variables["DOTNET_GCgen0size"] = "400000";
        // A program lives for seconds here: to compile its hot methods again takes a quarter of its CPU. At full size it does.
        if (!TestSize.IsFull)
            variables["DOTNET_TC_CallCounting"] = "0";
        foreach (var name in Removed.Concat(Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(n => n.StartsWith("PLANTON_", StringComparison.Ordinal))))
            variables[name] = null;
        return variables;
    }
}
