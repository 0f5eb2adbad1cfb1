using System.CommandLine;
using Planton.Cli.ApiKeys;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Users;

/// <summary><c>planton user create</c></summary>
internal sealed class UserCreateCommand : ApiVerb
{
    private readonly Argument<string> _name = UserCommand.NameArgument();
    private readonly Option<bool> _operator = new("--platform-operator") { Description = "May manage users, and runners and defaults of the platform" };
    private readonly Option<string> _output = ApiKeyOutput.NewKeyOption();

    public UserCreateCommand(VerbServices services)
        : base("create", "Make a user, and print a first API key", services)
    {
        Arguments.Add(_name);
        Options.Add(_operator);
        Options.Add(_output);
        Examples = ["planton user create ada > adas-key", "planton user create root --platform-operator -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var answer = await session.Api.CreateUserAsync(name, context.Parsed.GetValue(_operator), cancellationToken).ConfigureAwait(false);
        context.Say($"Made user {name}. Next: planton member set {name} --role member");
        return ApiKeyOutput.PrintNew(
            context, context.Parsed.GetValue(_output), answer, CliJson.Readable.CreateUserResponse, answer.ApiKey, answer.Key, $"user {name}");
    }
}
