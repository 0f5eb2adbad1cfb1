namespace Planton.Runner;

/// <summary>How the program ends, for scripts and supervisors.</summary>
internal static class ExitCode
{
    public const int Stopped = 0;
    public const int Failed = 1;
    public const int Configuration = 2;
    public const int Refused = 4;
    public const int Unreachable = 5;
}
