namespace Planton.Runner.Startup;

/// <summary>Why the program ends: the exit code, the step that did not succeed and the reason, without any secret.</summary>
internal sealed record StartFailure(int ExitCode, string Step, string Why)
{
    public static StartFailure Configuration(string step, string why) => new(Runner.ExitCode.Configuration, step, why);

    public static StartFailure Refused(string step, string why) => new(Runner.ExitCode.Refused, step, why);

    public static StartFailure Unreachable(string step, string why) => new(Runner.ExitCode.Unreachable, step, why);
}
