using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.ApiKeys;

/// <summary><c>planton api-key list</c></summary>
internal sealed class ApiKeyListCommand : ApiVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public ApiKeyListCommand(VerbServices services)
        : base("list", "List your own keys, newest first", services)
    {
        Options.Add(_output);
        Examples = ["planton api-key list", "planton api-key list -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListApiKeysAsync(cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseApiKey,
            output => ApiKeyOutput.WriteTable(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(key => $"api-key/{key.Id}"));
    }
}
