namespace Planton.Runner.Operations;

/// <summary>Closed until the runner has proved who it is by both of its credentials.</summary>
internal sealed class OperationsGate
{
    private volatile bool _open;

    public bool IsOpen => _open;

    public void Open() => _open = true;
}
