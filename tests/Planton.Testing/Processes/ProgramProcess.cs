using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Planton.Testing.Processes;

/// <summary>A program under test as a child process; killed at dispose when it still runs.</summary>
public sealed class ProgramProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly LineLog _output = new();
    private readonly LineLog _error = new();
    private readonly Task _reading;
    private bool _disposed;

    private ProgramProcess(Process process, string name)
    {
        _process = process;
        Name = name;
        Id = process.Id;
        _reading = Task.WhenAll(_output.ReadAsync(process.StandardOutput), _error.ReadAsync(process.StandardError));
    }

    /// <summary>The file name of the program.</summary>
    public string Name { get; }

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyList<string> OutputLines => _output.Lines;

    /// <summary>Lines of standard error so far.</summary>
    public IReadOnlyList<string> ErrorLines => _error.Lines;

    /// <summary>What it reads.</summary>
    public StreamWriter StandardInput => _process.StandardInput;

    /// <summary>Physical memory it holds, in bytes.</summary>
    public long ResidentMemoryBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line["VmRSS:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path; a <c>.dll</c> is run by <c>dotnet</c>.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="environment">Added to this process's environment; a null value removes a variable.</param>
    /// <param name="workingDirectory">This process's own when null.</param>
    public static ProgramProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null)
    {
        var process = StartProcess(program, arguments, environment, workingDirectory);
        return new ProgramProcess(process, Path.GetFileName(program));
    }

    /// <summary>Runs a program to its end, with nothing to read.</summary>
    public static async Task<ProgramResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? input = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        using var process = StartProcess(program, arguments, environment, null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout ?? TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new ProgramResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} did not end in time", exception);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Waits for a line on either output that is there already or comes in time.</summary>
    public async Task<string> WaitForLineAsync(
        Func<string, bool> matches, string what, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        string? found = null;
        try
        {
            await Eventually.BecomesTrueAsync(Look, $"{Name} prints {what}", timeout, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Describe()}", exception);
        }

        return found ?? throw new InvalidOperationException($"{Name} ended before it printed {what}\n{Describe()}");

        bool Look()
        {
            // Asked before looking: what it printed last is then read to the end.
            var over = _reading.IsCompleted;
            found = _output.Find(matches) ?? _error.Find(matches);
            return found is not null || over;
        }
    }

    /// <summary>Waits for its end and the end of its outputs; returns the exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = timeout ?? Eventually.DefaultTimeout;
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(limit, cancellationToken);
            await _reading.WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{Name} did not end within {limit.TotalSeconds:0.###} s\n{Describe()}", exception);
        }

        return _process.ExitCode;
    }

    /// <summary>Sends a signal to this one process; does nothing when it has ended.</summary>
    public void Signal(ProcessSignal signal)
    {
        if (!_process.HasExited)
            _ = Kill(Id, (int)signal);
    }

    /// <summary>Sends a signal to a process that the test has started.</summary>
    public static void Signal(int processId, ProcessSignal signal) => _ = Kill(processId, (int)signal);

    /// <summary>The last lines of both outputs, for failure messages.</summary>
    public string Describe() =>
        $"stdout (last lines):\n{string.Join('\n', OutputLines.TakeLast(20))}\nstderr (last lines):\n{string.Join('\n', ErrorLines.TakeLast(40))}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A test may end what its fixture ends too.
        if (_disposed)
            return;
        _disposed = true;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();

        // A grandchild that outlives it may hold the pipes open; the lines are of no use any more.
        await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, CancellationToken.None));
        _process.Dispose();
    }

    private static Process StartProcess(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment, string? workingDirectory)
    {
        var managed = program.EndsWith(".dll", StringComparison.Ordinal);
        var info = new ProcessStartInfo(managed ? "dotnet" : program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = workingDirectory ?? "",
        };
        if (managed)
            info.ArgumentList.Add(program);
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            info.Environment[name] = value;
        return Process.Start(info) ?? throw new InvalidOperationException($"{program} was not started");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
