using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Users;

/// <summary><c>planton user list</c></summary>
internal sealed class UserListCommand : ApiVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public UserListCommand(VerbServices services)
        : base("list", "List every user", services)
    {
        Options.Add(_output);
        Examples = ["planton user list", "planton user list -o name"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListUsersAsync(cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseUser,
            output =>
            {
                var table = new TextTable("NAME", "PLATFORM OPERATOR", "STATUS", "AGE", "ID");
                foreach (var user in list.Items ?? [])
                {
                    var status = user.SuspendedAt is null ? "active" : "suspended";
                    table.Add(user.Name, user.PlatformOperator ? "yes" : "no", status, Times.Ago(user.CreatedAt, Environment.Time), user.Id);
                }

                table.Write(output);
            },
            (list.Items ?? []).Select(user => $"user/{user.Name}"));
    }
}
