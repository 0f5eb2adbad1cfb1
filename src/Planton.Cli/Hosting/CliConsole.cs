namespace Planton.Cli.Hosting;

/// <summary>Where a command reads and writes: data on <see cref="Out"/>, everything said to people on <see cref="Error"/>.</summary>
internal sealed class CliConsole
{
    private bool _broken;

    /// <summary>Shows text, and passes on nothing that a terminal would obey.</summary>
    public required TextWriter Out
    {
        get;
        init => (Raw, field) = (value, new SafeWriter(value));
    }

    /// <summary>The same output, byte for byte: only for data that was asked for as such.</summary>
    public TextWriter Raw { get; private init; } = TextWriter.Null;

    public required TextWriter Error
    {
        get;
        init => field = new SafeWriter(value);
    }

    public required TextReader In { get; init; }

    /// <summary>Writes out what is buffered.</summary>
    /// <returns>False when that failed, with the reason at its first time: what was lost is not tried again.</returns>
    public bool TryFlush(out string? fault)
    {
        fault = null;
        if (_broken)
            return false;
        try
        {
            Out.Flush();
            return true;
        }
        catch (IOException failure)
        {
            _broken = true;
            fault = failure.Message;
            return false;
        }
    }

    /// <summary>Somebody sits at the keyboard and can be asked.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Standard output is a terminal, which control characters could mislead.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Reads a line without showing it; null at the end of input. Set only when <see cref="IsInteractive"/>.</summary>
    public Func<string?> ReadHidden { get; init; } = () => null;
}
