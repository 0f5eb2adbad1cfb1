namespace Planton.Cli.Hosting;

/// <summary>Where a command reads and writes: data on <see cref="Out"/>, everything said to people on <see cref="Error"/>.</summary>
internal sealed class CliConsole
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    /// <summary>Somebody sits at the keyboard and can be asked.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Standard output is a terminal, which control characters could mislead.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Reads a line without showing it; null at the end of input. Set only when <see cref="IsInteractive"/>.</summary>
    public Func<string?> ReadHidden { get; init; } = () => null;
}
