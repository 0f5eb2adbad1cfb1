using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Planton.Api;
using Planton.Cli.Configuration;
using Planton.Cli.Hosting;

namespace Planton.Cli.Invocation;

/// <summary>One run of one command: what was typed, and where it runs.</summary>
internal sealed class CommandContext(ParseResult parsed, CliEnvironment environment, GlobalOptions global)
{
    public ParseResult Parsed { get; } = parsed;

    public CliEnvironment Environment { get; } = environment;

    public CliConsole Console => Environment.Console;

    public bool Verbose => Parsed.GetValue(global.Verbose);

    public PlantonHome Home { get; } = PlantonHome.Find(environment);

    /// <summary>What <c>--server</c> and <c>--org</c> say; null when they were not given.</summary>
    public (string? Server, string? Organization) GivenTarget => (Parsed.GetValue(global.Server), Parsed.GetValue(global.Organization));

    /// <summary>Where the key came from that the server is asked with, so that its refusal can name it.</summary>
    public string? ApiKeySource { get; set; }

    /// <summary>Reads the configuration and settles which server, organization and key are meant.</summary>
    public bool TryLoadSettings([NotNullWhen(true)] out Settings? settings, [NotNullWhen(false)] out CliError? error)
    {
        settings = null;
        if (!ConfigFile.TryLoad(Home, out var config, out error))
            return false;
        settings = Settings.Resolve(GivenTarget.Server, GivenTarget.Organization, Environment, config);
        return true;
    }

    /// <summary>Says something to people.</summary>
    public void Say(string line) => Console.Error.WriteLine(SafeText.OneLine(line));

    /// <summary>Ends the command with an error, and returns its exit code.</summary>
    public int Fail(CliError error)
    {
        Console.TryFlush(out _);
        Console.Error.WriteLine($"Error: {SafeText.Lines(error.Detail)}");
        foreach (var detail in error.Details)
            Console.Error.WriteLine($"  {SafeText.Lines(detail)}");
        if (error.Hint is { Length: > 0 } hint)
            Console.Error.WriteLine($"Hint: {SafeText.Lines(hint)}");
        if (error.OperationId is { } id && (Verbose || error.IsInternal))
            Console.Error.WriteLine($"Operation: {SafeText.OneLine(id)}");
        return error.ExitCode;
    }
}
