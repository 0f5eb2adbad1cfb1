using System.CommandLine;
using Planton.Api;
using Planton.Cli.Configuration;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Contexts;

/// <summary><c>planton context list</c></summary>
internal sealed class ContextListCommand : Verb
{
    private readonly Option<string> _output = OutputOption.Create();

    public ContextListCommand(VerbServices services)
        : base("list", "List the contexts", services)
    {
        Options.Add(_output);
        Examples = ["planton context list"];
    }

    public static void WriteTable(TextWriter output, IEnumerable<ContextView> contexts)
    {
        var table = new TextTable("CURRENT", "NAME", "SERVER", "ORGANIZATION", "ENVIRONMENT", "LOGGED IN");
        foreach (var context in contexts)
            table.Add(context.Current ? "*" : "", context.Name, context.Server, context.Organization, context.Environment, context.LoggedIn ? "yes" : "no");
        table.Write(output);
    }

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) => Task.FromResult(Run(context));

    private int Run(CommandContext context)
    {
        if (!ConfigFile.TryLoad(context.Home, out var config, out var error))
            return context.Fail(error);
        var views = config.Contexts.Select(entry => ContextView.Of(config, entry)).ToArray();
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            new ListResponse<ContextView>(views),
            ContextJson.Default.ListResponseContextView,
            output => WriteTable(output, views),
            views.Select(view => view.Name));
    }
}
