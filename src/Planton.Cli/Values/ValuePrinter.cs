using Planton.Cli.Invocation;

namespace Planton.Cli.Values;

internal static class ValuePrinter
{
    /// <summary>A value exactly as it is, for a file or another program; on a terminal without what could mislead it.</summary>
    public static int Print(CommandContext context, string value)
    {
        if (context.Console.IsOutputTerminal)
            context.Console.Out.WriteLine(value);
        else
            context.Console.Raw.Write(value);
        return ExitCode.Ok;
    }
}
