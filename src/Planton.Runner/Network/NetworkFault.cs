namespace Planton.Runner.Network;

/// <summary>Why a target or the control plane could not be reached: the stage, what happened and what to do. No secrets.</summary>
internal sealed record NetworkFault(NetworkStage Stage, string What, string Advice)
{
    public override string ToString() => Advice.Length == 0 ? What : $"{What}. {Advice}";
}
