namespace SampleCluster.Exec.Shell;

/// <summary>One command with what it was given.</summary>
/// <param name="Container">What it can see.</param>
/// <param name="Streams">What it reads and writes.</param>
/// <param name="Words">Its name, then its arguments.</param>
internal sealed record ShellCall(VirtualContainer Container, ShellStreams Streams, string[] Words)
{
    public IEnumerable<string> Arguments => Words.Skip(1);

    public async Task<int> FailAsync(string message, CancellationToken cancellationToken)
    {
        await Streams.WriteErrorAsync($"{Words[0]}: {message}\n", cancellationToken);
        return 1;
    }

    public async Task<int> PrintAsync(string text, CancellationToken cancellationToken)
    {
        await Streams.WriteAsync(text, cancellationToken);
        return 0;
    }
}
