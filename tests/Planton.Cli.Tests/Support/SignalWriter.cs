using System.Text;

namespace Planton.Cli.Tests.Support;

/// <summary>Collects what is written, and lets a test wait until it holds something.</summary>
internal sealed class SignalWriter : TextWriter
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly StringBuilder _text = new();
    private readonly Lock _lock = new();
    private readonly List<(Func<string, bool> Condition, TaskCompletionSource Reached)> _waiters = [];

    public override Encoding Encoding => Encoding.UTF8;

    public string Text
    {
        get
        {
            lock (_lock)
                return _text.ToString();
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_lock)
        {
            _text.Append(value);
            var text = _text.ToString();
            foreach (var (condition, reached) in _waiters)
            {
                if (condition(text))
                    reached.TrySetResult();
            }
        }
    }

    public async Task WaitForAsync(Func<string, bool> condition, string what)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (condition(_text.ToString()))
                return;
            _waiters.Add((condition, reached));
        }

        try
        {
            await reached.Task.WaitAsync(Timeout, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"waited {Timeout} for {what}; there was:\n{Text}");
        }
    }

    public Task WaitForAsync(string text) => WaitForAsync(all => all.Contains(text, StringComparison.Ordinal), $"'{text}'");
}
