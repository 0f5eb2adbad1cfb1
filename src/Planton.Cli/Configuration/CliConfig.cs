using Planton.Cli.Data;

namespace Planton.Cli.Configuration;

/// <summary>
/// The content of <c>config.yaml</c>. It is edited in place, so that what a newer version wrote there survives this one.
/// </summary>
internal sealed class CliConfig(DataMap document)
{
    public const string ApiVersion = "planton.dev/v1";
    public const string Kind = "Config";

    public DataMap Document { get; } = document;

    public IReadOnlyList<ConfigServer> Servers => [.. Document["servers"]?.Items.Select(ReadServer) ?? []];

    public IReadOnlyList<ConfigContext> Contexts => [.. Document["contexts"]?.Items.Select(ReadContext) ?? []];

    public string? CurrentContextName => Document["currentContext"]?.Text;

    public ConfigContext? CurrentContext => Contexts.FirstOrDefault(context => context.Name == CurrentContextName);

    public static CliConfig Empty() => new(new DataMap(("apiVersion", new DataText(ApiVersion)), ("kind", new DataText(Kind))));

    public ConfigServer? FindServer(string name) => Servers.FirstOrDefault(server => server.Name == name);

    public ConfigServer? FindServerByUrl(string url) =>
        Servers.FirstOrDefault(server => string.Equals(server.Url.TrimEnd('/'), url.TrimEnd('/'), StringComparison.OrdinalIgnoreCase));

    public void SetServer(ConfigServer server)
    {
        var entry = Entry("servers", server.Name);
        entry.Set("url", server.Url);
        entry.Set("apiKey", server.ApiKey);
        entry.Set("caCertificates", server.CaCertificates);
    }

    public void SetContext(ConfigContext context)
    {
        var entry = Entry("contexts", context.Name);
        entry.Set("server", context.Server);
        entry.Set("organization", context.Organization);
        entry.Set("environment", context.Environment);
    }

    public void SetCurrentContext(string name) => Document.Set("currentContext", name);

    private DataMap Entry(string list, string name)
    {
        if (Document[list] is not DataList entries)
            Document.Set(list, entries = new DataList());
        var entry = entries.Values.OfType<DataMap>().FirstOrDefault(existing => existing["name"]?.Text == name);
        if (entry is null)
            entries.Values.Add(entry = new DataMap(("name", new DataText(name))));
        return entry;
    }

    private static ConfigServer ReadServer(DataNode node) => new(node["name"]?.Text ?? "", node["url"]?.Text ?? "")
    {
        ApiKey = node["apiKey"]?.Text,
        CaCertificates = node["caCertificates"]?.Text,
    };

    private static ConfigContext ReadContext(DataNode node) =>
        new(node["name"]?.Text ?? "", node["server"]?.Text ?? "", node["organization"]?.Text) { Environment = node["environment"]?.Text };
}
