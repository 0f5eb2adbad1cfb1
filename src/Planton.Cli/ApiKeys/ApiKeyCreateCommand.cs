using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.ApiKeys;

/// <summary><c>planton api-key create</c></summary>
internal sealed class ApiKeyCreateCommand : ApiVerb
{
    private readonly Option<TimeSpan?> _expiry = ApiKeyOutput.ExpiryOption();
    private readonly Option<string> _output = ApiKeyOutput.NewKeyOption();

    public ApiKeyCreateCommand(VerbServices services)
        : base("create", "Make another key for yourself, and print it", services)
    {
        Options.Add(_expiry);
        Options.Add(_output);
        Examples = ["planton api-key create --expires-in 90d", "planton api-key create | ssh build-host planton auth login --server https://planton.example.com --api-key -"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var answer = await session.Api.CreateApiKeyAsync(context.Parsed.GetValue(_expiry), cancellationToken).ConfigureAwait(false);
        return ApiKeyOutput.PrintNew(context, context.Parsed.GetValue(_output), answer, CliJson.Readable.CreateApiKeyResponse, answer.ApiKey, answer.Key, "your own");
    }
}
