namespace Planton.Testing.Processes;

/// <summary>Signals with their Linux numbers.</summary>
public enum ProcessSignal
{
    /// <summary>Ctrl-C.</summary>
    Interrupt = 2,

    /// <summary>Asks it to end at once; some programs leave a core file.</summary>
    Quit = 3,

    /// <summary>Ends it at once; cannot be caught.</summary>
    Kill = 9,

    /// <summary>Asks it to stop.</summary>
    Terminate = 15,

    /// <summary>Lets a stopped one go on.</summary>
    Continue = 18,

    /// <summary>Freezes it: its connections stay open and nobody answers.</summary>
    Stop = 19,
}
