using System.CommandLine;
using Planton.Cli.Configuration;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Contexts;

/// <summary><c>planton context get</c></summary>
internal sealed class ContextGetCommand : Verb
{
    private readonly Option<string> _output = OutputOption.Create();

    public ContextGetCommand(VerbServices services)
        : base("get", "Show the current context", services)
    {
        Options.Add(_output);
        Examples = ["planton context get", "planton context get -o json"];
    }

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) => Task.FromResult(Run(context));

    private int Run(CommandContext context)
    {
        if (!ConfigFile.TryLoad(context.Home, out var config, out var error))
            return context.Fail(error);
        if (config.CurrentContext is not { } current)
            return context.Fail(CliError.Usage("there is no current context", "Log in first: planton auth login --server URL --api-key -"));
        var view = ContextView.Of(config, current);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            view,
            ContextJson.Default.ContextView,
            output => ContextListCommand.WriteTable(output, [view]),
            view.Name);
    }
}
